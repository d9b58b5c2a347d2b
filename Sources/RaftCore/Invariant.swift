/// Stops the process when one of our own assumptions does not hold; alive in release builds.
///
/// Never for bad input: bytes and configuration throw.
@inline(__always)
public func invariant(_ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) {
    if !condition { fatalError("invariant broken: " + message(), file: file, line: line) }
}
