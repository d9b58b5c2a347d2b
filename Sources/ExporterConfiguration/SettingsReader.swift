/// The settings of all sources, the strongest source's for each option, and the mistakes found so far.
struct SettingsReader {
    private(set) var mistakes: [String]
    private let settings: [String: [Located<String>]]

    /// - Parameters:
    ///   - settings: by key, from one source each.
    ///   - mistakes: found while gathering them.
    init(settings: [String: [Located<String>]], mistakes: [String]) {
        self.settings = settings
        self.mistakes = mistakes
    }

    /// Whether any source gives the option.
    func isGiven<Value>(_ option: ConfigurationOption<Value>) -> Bool { settings[option.description.key] != nil }

    /// The value given or the default. Nil without either, and when it is mistaken, which is then noted.
    mutating func value<Value: Sendable>(of option: ConfigurationOption<Value>) -> Located<Value>? {
        values(of: option)?.first
    }

    /// All values given, or the default. Nil without either, and when one of them is mistaken, which is then noted.
    mutating func values<Value: Sendable>(of option: ConfigurationOption<Value>) -> [Located<Value>]? {
        let place = SettingPlace.defaultValue(flag: option.description.flag)
        guard let texts = settings[option.description.key] ?? option.defaultValue.map({ [Located(value: $0, place: place)] }) else {
            return nil
        }
        let values = texts.compactMap { parse($0, option) }
        return values.count == texts.count && !values.isEmpty ? values : nil
    }

    /// The value given, or one derived from elsewhere that must pass the same parser.
    mutating func value<Value: Sendable>(of option: ConfigurationOption<Value>, orElse derived: String) -> Located<Value>? {
        if isGiven(option) { return value(of: option) }
        return parse(Located(value: derived, place: .defaultValue(flag: option.description.flag)), option)
    }

    /// Notes a mistake in words.
    mutating func note(_ line: String) { mistakes.append(line) }

    /// Notes a mistake of a value.
    mutating func note<Value>(_ place: SettingPlace, _ value: Value, _ found: String, allowed: String) {
        mistakes.append(MistakeText.line(place, "\(value)", ValueProblem(found: found, allowed: allowed)))
    }

    private mutating func parse<Value: Sendable>(_ text: Located<String>, _ option: ConfigurationOption<Value>) -> Located<Value>? {
        do {
            return Located(value: try option.parse(text.value), place: text.place)
        } catch {
            mistakes.append(MistakeText.line(text.place, text.value, error))
            return nil
        }
    }
}
