import StatusDocuments
import Testing

@Suite struct PrintableTests {
    @Test func whatATerminalWouldActOnIsShownAsItsEscape() {
        #expect("0.1.0\u{1B}]0;x\u{7}".printable == #"0.1.0\u001b]0;x\u0007"#)
        #expect("\u{9B}31m a\nb\tc\u{7F}".printable == #"\u009b31m a\u000ab\u0009c\u007f"#)
        #expect("a\u{202E}b\u{2066}c\u{2028}d".printable == #"a\u202eb\u2066c\u2028d"#)
    }

    @Test func everythingElseStaysAsItIs() {
        for text in ["", "0.1.0", "kölln ✓ \"a\" \\ =", "e\u{301}👩‍🔬"] { #expect(text.printable == text) }
    }
}
