#ifndef FAULTY_VFS_H
#define FAULTY_VFS_H

#include <stdint.h>

/// SQLite's answers, as far as a file gives them.
enum faulty_result {
    FAULTY_OK = 0,
    FAULTY_FULL = 13,
    FAULTY_CANTOPEN = 14,
    FAULTY_IOERR_READ = 10 | 1 << 8,
    FAULTY_IOERR_SHORT_READ = 10 | 2 << 8,
    FAULTY_IOERR_WRITE = 10 | 3 << 8,
    FAULTY_IOERR_FSYNC = 10 | 4 << 8,
    FAULTY_IOERR_DIR_FSYNC = 10 | 5 << 8,
    FAULTY_IOERR_TRUNCATE = 10 | 6 << 8,
    FAULTY_IOERR_FSTAT = 10 | 7 << 8,
    FAULTY_IOERR_DELETE = 10 | 10 << 8,
    FAULTY_IOERR_ACCESS = 10 | 13 << 8,
    FAULTY_IOERR_CLOSE = 10 | 16 << 8,
    FAULTY_IOERR_DELETE_NOENT = 10 | 23 << 8,
};

/// What is done with files whose path begins with the prefix. Every call gives one of SQLite's results.
struct faulty_calls {
    /// `creates` says whether a missing file is made, `syncs_folder` whether its first sync makes its name durable too.
    int32_t (*open)(const char *path, int32_t creates, int32_t syncs_folder, int64_t *file);
    int32_t (*close)(int64_t file);
    int32_t (*read)(int64_t file, void *bytes, int32_t count, int64_t offset);
    int32_t (*write)(int64_t file, const void *bytes, int32_t count, int64_t offset);
    int32_t (*truncate)(int64_t file, int64_t size);
    int32_t (*sync)(int64_t file);
    int32_t (*size)(int64_t file, int64_t *size);
    int32_t (*remove)(const char *path, int32_t syncs_folder);
    int32_t (*exists)(const char *path, int32_t *answer);
};

/// Makes a file system SQLite's default that hands paths with the prefix to the calls, and all others to the default there was.
/// Once in a process. Gives SQLite's result.
int32_t faulty_vfs_install(const char *prefix, struct faulty_calls calls);

/// Makes SQLite draw the same random numbers from now on, in the whole process.
void faulty_vfs_seed(uint32_t seed);

#endif
