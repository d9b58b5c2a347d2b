import Foundation
import StatusDocuments
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_368_205_250, "2026-03-01T12:30:05.250Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `A known instant is written as RFC 3339 and read back`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test func `Every day of four centuries agrees with the system's calendar`() throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        for day in stride(from: Int64(-80_000), through: 80_000, by: 37) {
            let milliseconds = day * 86_400_000 + 12_345_678
            let text = Timestamp(milliseconds: milliseconds).description
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
            #expect(text == expected)
            #expect(Timestamp(text)?.milliseconds == milliseconds)
        }
    }

    @Test func `Instants beyond four digits of a year are moved to the nearest that has them`() {
        #expect(Timestamp(milliseconds: .max).description == "9999-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: .min).description == "0000-01-01T00:00:00.000Z")
    }

    @Test func `A fraction of any length up to nine digits is read to the millisecond`() {
        #expect(Timestamp("1970-01-01T00:00:01Z")?.milliseconds == 1_000)
        #expect(Timestamp("1970-01-01T00:00:01.5Z")?.milliseconds == 1_500)
        #expect(Timestamp("1970-01-01T00:00:01.123456789Z")?.milliseconds == 1_123)
    }

    @Test(arguments: [
        "", "Z", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00+01:00", "1970-01-01 00:00:00Z", "1970-13-01T00:00:00Z",
        "1970-02-29T00:00:00Z", "1970-01-00T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z",
        "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234567890Z", "1970-01-01T00:00:00Zx", "197O-01-01T00:00:00Z", "é970-01-01T00:00:00Z",
        "99999999999999999999-01-01T00:00:00Z",
    ])
    func `Anything else is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
