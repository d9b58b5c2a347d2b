import HTTPTypes

/// An answer as it goes out: with all its headers.
struct OutgoingResponse {
    var head: HTTPResponse
    /// `nil` when only the head is sent, though the headers speak of a body.
    var body: WebBody?
    /// Whether the connection ends with this response.
    var closes: Bool {
        didSet { if closes { head.headerFields[.connection] = "close" } }
    }

    /// - Parameter withoutBody: for `HEAD`.
    init(_ response: WebResponse, withoutBody: Bool) {
        head = HTTPResponse(status: HTTPResponse.Status(code: response.status))
        body = withoutBody ? nil : response.body
        closes = false
        for header in response.headers {
            if let name = HTTPField.Name(header.name) { head.headerFields.append(HTTPField(name: name, value: header.value)) }
        }
        setUnlessThere(.date, HTTPDate.now())
        setUnlessThere(.vary, "Accept, Accept-Encoding")
        setUnlessThere(.cacheControl, "no-store")
        setLength(of: response)
    }

    private mutating func setUnlessThere(_ name: HTTPField.Name, _ value: String) {
        if !head.headerFields.contains(name) { head.headerFields[name] = value }
    }

    private mutating func setLength(of response: WebResponse) {
        switch response.body {
        case .bytes(let bytes): head.headerFields[.contentLength] = response.status == 204 ? nil : String(bytes.count)
        case .stream:
            head.headerFields[.contentLength] = nil
            // The encoder would end a headless chunked body with a chunk that HEAD does not allow; the client must not read on.
            if body == nil { closeAfterwards() }
        }
    }

    private mutating func closeAfterwards() { closes = true }
}
