import Foundation

do {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    if let file = options.replayFile { exit(Replay.run(file, isQuiet: options.isQuiet)) }
    if options.isWorker { try Worker.run(options) }
    if options.isSingle { exit(try SingleRun.run(options)) }
    exit(try Batch(options).run())
} catch let mistake as Options.Mistake {
    print(mistake.words + "\n" + Options.usage)
    exit(2)
} catch {
    print("quorum-simulator: \(error)")
    exit(2)
}
