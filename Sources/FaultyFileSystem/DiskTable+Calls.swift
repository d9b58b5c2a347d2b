import CFaultyFileSystem

// What SQLite calls: C's numbers and pointers become Swift's values, and failures SQLite's answers.

extension DiskTable {
    static var calls: faulty_calls {
        unsafe faulty_calls(
            open: { path, creates, syncsFolder, file in
                guard let path = unsafe path, let file = unsafe file else { return FAULTY_CANTOPEN.answer }
                let name = unsafe String(cString: path)
                return answer { () throws(DiskFailure) in
                    let handle = try DiskTable.shared.open(name, creates: creates != 0, syncsFolder: syncsFolder != 0)
                    unsafe file.pointee = handle.number
                }
            },
            // Closing frees nothing that is not SQLite's own.
            close: { _ in FAULTY_OK.answer },
            read: { file, bytes, count, offset in
                guard let bytes = unsafe bytes else { return FAULTY_IOERR_READ.answer }
                return unsafe read(file, into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
            },
            write: { file, bytes, count, offset in
                guard let bytes = unsafe bytes else { return FAULTY_IOERR_WRITE.answer }
                let content = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(count)))
                return answer { () throws(DiskFailure) in
                    try DiskTable.shared.onFile(file, .write) { disk, number throws(DiskFailure) in
                        try disk.write(number, content, at: Int(offset))
                    }
                }
            },
            truncate: { file, size in
                answer { () throws(DiskFailure) in
                    try DiskTable.shared.onFile(file, .truncate) { disk, number throws(DiskFailure) in
                        try disk.truncate(number, to: Int(size))
                    }
                }
            },
            sync: { file in
                answer { () throws(DiskFailure) in
                    try DiskTable.shared.onFile(file, .sync) { disk, number throws(DiskFailure) in try disk.synchronize(number) }
                }
            },
            size: { file, size in
                guard let size = unsafe size else { return FAULTY_IOERR_FSTAT.answer }
                return answer { () throws(DiskFailure) in
                    let found = try DiskTable.shared.onFile(file, .size) { disk, number throws(DiskFailure) in try disk.size(number) }
                    unsafe size.pointee = Int64(found)
                }
            },
            remove: { path, syncsFolder in
                guard let path = unsafe path else { return FAULTY_IOERR_DELETE.answer }
                let name = unsafe String(cString: path)
                return answer { () throws(DiskFailure) in
                    try DiskTable.shared.onDisk(of: name, .remove) { disk throws(DiskFailure) in
                        try disk.remove(name, syncsFolder: syncsFolder != 0)
                    }
                }
            },
            exists: { path, found in
                guard let path = unsafe path, let found = unsafe found else { return FAULTY_IOERR_ACCESS.answer }
                let name = unsafe String(cString: path)
                return answer { () throws(DiskFailure) in
                    let exists = try DiskTable.shared.onDisk(of: name, .access) { disk throws(DiskFailure) in try disk.exists(name) }
                    unsafe found.pointee = exists ? 1 : 0
                }
            })
    }
}

/// A read beyond the end of a file fills the rest with zeros and says so.
private func read(_ file: Int64, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
    var isShort = false
    let result = answer { () throws(DiskFailure) in
        try DiskTable.shared.onFile(file, .read) { disk, number throws(DiskFailure) in
            let bytes = try disk.read(number, count: buffer.count, at: offset)
            unsafe bytes.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            isShort = bytes.count < buffer.count
            guard isShort else { return }
            for position in bytes.count..<buffer.count { unsafe buffer[position] = 0 }
        }
    }
    return result == FAULTY_OK.answer && isShort ? FAULTY_IOERR_SHORT_READ.answer : result
}

private func answer(_ body: () throws(DiskFailure) -> Void) -> Int32 {
    do throws(DiskFailure) {
        try body()
        return FAULTY_OK.answer
    } catch {
        return error.result.answer
    }
}

extension DiskFailure {
    fileprivate var result: faulty_result {
        switch self {
        case .open: FAULTY_CANTOPEN
        case .read: FAULTY_IOERR_READ
        case .write: FAULTY_IOERR_WRITE
        case .truncate: FAULTY_IOERR_TRUNCATE
        case .sync: FAULTY_IOERR_FSYNC
        case .folderSync: FAULTY_IOERR_DIR_FSYNC
        case .size: FAULTY_IOERR_FSTAT
        case .remove: FAULTY_IOERR_DELETE
        case .access: FAULTY_IOERR_ACCESS
        case .full: FAULTY_FULL
        case .missing: FAULTY_IOERR_DELETE_NOENT
        }
    }
}

extension faulty_result {
    /// As C's functions give it.
    var answer: Int32 { Int32(rawValue) }
}
