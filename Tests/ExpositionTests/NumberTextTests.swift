import Testing

@testable import Exposition

private func text(_ value: MetricValue) -> String {
    var bytes: [UInt8] = []
    bytes.append(value)
    return String(decoding: bytes, as: UTF8.self)
}

@Suite struct NumberTextTests {
    @Test(
        arguments: [
            (.unsigned(0), "0"), (.unsigned(9), "9"), (.unsigned(10), "10"), (.unsigned(.max), "18446744073709551615"),
            (.signed(-1), "-1"), (.signed(.min), "-9223372036854775808"), (.signed(.max), "9223372036854775807"),
            (.decimal(1500, places: 3), "1.5"), (.decimal(-1, places: 9), "-0.000000001"), (.decimal(0, places: 9), "0"),
            (.decimal(.min, places: 18), "-9.223372036854775808"), (.decimal(12, places: 200), "0.000000000000000012"),
            (.decimal(1_700_000_000_123, places: 3), "1700000000.123"), (.decimal(7, places: 0), "7"),
            (.double(0), "0"), (.double(-0.0), "0"), (.double(1), "1"), (.double(-2.5), "-2.5"), (.double(0.1), "0.1"),
            (.double(5e-05), "5e-05"),
            (.double(1e300), "1e+300"), (.double(.infinity), "+Inf"), (.double(-.infinity), "-Inf"), (.double(.nan), "NaN"),
            (.double(9_007_199_254_740_991), "9007199254740991"), (.flag(true), "1"), (.flag(false), "0"),
            (.seconds(microseconds: 1), "0.000001"), (.seconds(nanoseconds: UInt64.max), "9223372036.854775807"),
        ] as [(MetricValue, String)])
    func `each value has one spelling`(value: MetricValue, spelling: String) {
        #expect(text(value) == spelling)
    }

    @Test func `whatever double is written is read back the same`() {
        var bits: UInt64 = 0x1234_5678_9ABC_DEF1
        for _ in 0..<20_000 {
            bits ^= bits << 13
            bits ^= bits >> 7
            bits ^= bits << 17
            let value = Double(bitPattern: bits)
            if value.isFinite { #expect(Double(text(.double(value))) == value) }
        }
    }

    @Test func `whatever integer is written is read back the same`() {
        for shift in 0..<64 {
            for value in [UInt64(1) << UInt64(shift), (UInt64(1) << UInt64(shift)) &- 1] {
                #expect(UInt64(text(.unsigned(value))) == value)
                #expect(Int64(text(.signed(Int64(bitPattern: value)))) == Int64(bitPattern: value))
            }
        }
    }
}
