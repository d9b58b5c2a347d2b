/// What is wrong with a family, a scrape or a histogram's bounds; each case names the culprit.
public enum ExpositionError: Error, Equatable, Sendable {
    /// Not `[a-z_][a-z0-9_]*`, or longer than 200 bytes.
    case invalidMetricName(String)
    /// Not `[a-z_][a-z0-9_]*`, or starting with two underscores, or `le` where buckets have it.
    case invalidLabelName(metric: String, label: String)
    /// The same label twice in one series.
    case repeatedLabel(metric: String, label: String)
    /// A counter's name does not end in `_total`.
    case counterWithoutTotal(String)
    /// The name ends in what another type adds: `_total`, `_created`, `_count`, `_sum`, `_bucket`; or in `_info` without being one.
    case reservedSuffix(String)
    /// The name does not end in the unit.
    case unitNotInName(metric: String, unit: String)
    /// No help.
    case missingHelp(String)
    /// A counter below zero, an info that is not 1, or NaN.
    case invalidValue(metric: String, labels: String)
    /// Two families of one name.
    case repeatedFamily(String)
    /// The same labels, in any order, twice in one family.
    case repeatedSeries(String)
    /// Bounds that do not ascend, or too many or none of them.
    case invalidBounds([UInt64])
    /// A block of one format joined to a scrape of another.
    case mixedFormats(expected: TextFormat, found: TextFormat)
}
