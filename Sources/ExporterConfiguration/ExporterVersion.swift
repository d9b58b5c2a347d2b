/// Which program this is.
public enum ExporterVersion {
    /// The version, as `--version`, the build metric and the members' hello say it.
    public static let current = "0.1.0"
}
