import ArgumentParser
import Glibc
import OperatorCommands

/// The program: arguments to commands, errors to exit statuses, nothing else.
@main
enum Main {
    static func main() async {
        // A reader that goes away is an error of that write, not the end of the process.
        _ = signal(SIGPIPE, SIG_IGN)
        do {
            let arguments = CommandRouting.withCommand(Array(CommandLine.arguments.dropFirst()))
            var command = try QuorumExporter.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error)
        }
    }

    /// Usage errors end with 2, as all mistakes of a start do, and not with 64.
    private static func leave(_ error: any Error) -> Never {
        guard QuorumExporter.exitCode(for: error) == .validationFailure else { QuorumExporter.exit(withError: error) }
        StandardError.write(QuorumExporter.fullMessage(for: error))
        exit(CommandRouting.usageExitStatus)
    }
}
