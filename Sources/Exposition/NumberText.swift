/// Numbers as text, written into a byte buffer in place: no `String` is made unless a double is no whole number.
extension MutableSpan<UInt8> {
    /// The most bytes that any value takes: `-1.2345678901234567e-300` and, as a decimal, `-0.000000000000000012`.
    static var maximumNumberBytes: Int { 26 }

    /// Writes a value as both exposition formats spell it and moves the position behind it. There must be room for
    /// `maximumNumberBytes`.
    @inline(__always)
    mutating func put(_ value: MetricValue, at position: inout Int) {
        switch value {
        case .unsigned(let number): putInteger(number, at: &position)
        case .signed(let number): putInteger(number, at: &position)
        case .decimal(let digits, let places): putDecimal(digits, places: places, at: &position)
        case .double(let number): putDouble(number, at: &position)
        }
    }

    /// Writes one byte.
    @inline(__always)
    mutating func put(_ byte: UInt8, at position: inout Int) {
        self[position] = byte
        position += 1
    }

    /// Writes all decimal digits of a number.
    mutating func putInteger(_ value: UInt64, at position: inout Int) {
        if value < 10 { return put(UInt8(truncatingIfNeeded: value) &+ 0x30, at: &position) }
        var count = 0
        var rest = value
        while rest > 0 {
            rest /= 10
            count += 1
        }
        rest = value
        for index in stride(from: position + count - 1, through: position, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            self[index] = UInt8(truncatingIfNeeded: digit) &+ 0x30
            rest = quotient
        }
        position += count
    }

    /// Writes a minus sign where needed and all decimal digits of a number.
    mutating func putInteger(_ value: Int64, at position: inout Int) {
        if value < 0 { put(0x2D, at: &position) }
        putInteger(value.magnitude, at: &position)
    }

    /// Writes `digits` with the decimal point `places` from the right, without trailing zeros.
    mutating func putDecimal(_ digits: Int64, places: UInt8, at position: inout Int) {
        let scale = Self.powerOfTen(Swift.min(places, 18))
        if digits < 0 { put(0x2D, at: &position) }
        let (whole, fraction) = digits.magnitude.quotientAndRemainder(dividingBy: scale)
        putInteger(whole, at: &position)
        guard fraction > 0 else { return }
        put(0x2E, at: &position)
        var rest = fraction
        var unit = scale / 10
        while rest > 0 {
            let (digit, remainder) = rest.quotientAndRemainder(dividingBy: unit)
            put(UInt8(truncatingIfNeeded: digit) &+ 0x30, at: &position)
            rest = remainder
            unit /= 10
        }
    }

    /// Writes the shortest text that reads back as the same double; `+Inf`, `-Inf` and `NaN` for what is no number.
    mutating func putDouble(_ value: Double, at position: inout Int) {
        // Beyond 2⁵³ the digits of a whole double are not all significant: the shortest form says so.
        if value.magnitude < 9_007_199_254_740_992 {
            let whole = Int64(value)
            if Double(whole) == value { return putInteger(whole, at: &position) }
        }
        let text = value.isFinite ? value.description : value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf"
        for byte in text.utf8 { put(byte, at: &position) }
    }

    private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}

extension [UInt8] {
    /// Appends a value as both exposition formats spell it.
    mutating func append(_ value: MetricValue) {
        var position = count
        append(contentsOf: repeatElement(0, count: MutableSpan<UInt8>.maximumNumberBytes))
        var span = mutableSpan
        span.put(value, at: &position)
        removeLast(count - position)
    }
}
