/// What this program is.
public enum BuildInfo {
    /// The program's version.
    public static let version = "0.1.0"

    /// The compiler's version, as far as the source can tell.
    public static let swiftVersion: String = {
        #if compiler(>=6.3)
            return "6.3"
        #elseif compiler(>=6.2)
            return "6.2"
        #else
            return "6"
        #endif
    }()
}
