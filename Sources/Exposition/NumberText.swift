/// Numbers as text, appended to a byte buffer without building a `String` where that can be avoided.
extension [UInt8] {
    /// Appends a value as both exposition formats spell it.
    mutating func append(_ value: MetricValue) {
        switch value {
        case .unsigned(let number): appendInteger(number)
        case .signed(let number): appendInteger(number)
        case .decimal(let digits, let places): appendDecimal(digits, places: places)
        case .double(let number): appendDouble(number)
        }
    }

    /// Appends all decimal digits of a number.
    mutating func appendInteger(_ value: UInt64) {
        if value < 10 { return append(UInt8(truncatingIfNeeded: value) &+ 0x30) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        var rest = value
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            first -= 1
            digits[first] = UInt8(truncatingIfNeeded: digit) &+ 0x30
            rest = quotient
        }
        for index in first..<20 { append(digits[index]) }
    }

    /// Appends a minus sign where needed and all decimal digits of a number.
    mutating func appendInteger(_ value: Int64) {
        if value < 0 { append(0x2D) }
        appendInteger(value.magnitude)
    }

    /// Appends `digits` with the decimal point `places` from the right, without trailing zeros.
    mutating func appendDecimal(_ digits: Int64, places: UInt8) {
        let scale = powersOfTen[Int(Swift.min(places, 18))]
        if digits < 0 { append(0x2D) }
        let (whole, fraction) = digits.magnitude.quotientAndRemainder(dividingBy: scale)
        appendInteger(whole)
        guard fraction > 0 else { return }
        append(0x2E)
        var rest = fraction
        var unit = scale / 10
        while rest > 0 {
            let (digit, remainder) = rest.quotientAndRemainder(dividingBy: unit)
            append(UInt8(truncatingIfNeeded: digit) &+ 0x30)
            rest = remainder
            unit /= 10
        }
    }

    /// Appends the shortest text that reads back as the same double; `+Inf`, `-Inf` and `NaN` for what is no number.
    mutating func appendDouble(_ value: Double) {
        if value.isFinite {
            // Beyond 2⁵³ the digits of a whole double are not all significant: the shortest form says so.
            if value.magnitude < 9_007_199_254_740_992, let whole = Int64(exactly: value) { return appendInteger(whole) }
            return append(contentsOf: value.description.utf8)
        }
        append(contentsOf: value.isNaN ? notANumber : value < 0 ? negativeInfinity : positiveInfinity)
    }
}

private let powersOfTen: [UInt64] = {
    var powers: [UInt64] = [1]
    for _ in 1...18 { powers.append((powers.last ?? 1) * 10) }
    return powers
}()

private let notANumber = Array("NaN".utf8)
private let negativeInfinity = Array("-Inf".utf8)
private let positiveInfinity = Array("+Inf".utf8)
