#!/bin/sh
# Turns wire.proto into Generated/wire.pb.swift. Needs protoc and, on the PATH or in PROTOC_GEN_SWIFT, the plugin that
# `swift build --product protoc-gen-swift` makes in a checkout of swift-protobuf of the version in Package.swift.
set -eu
cd "$(dirname "$0")"
plugin=${PROTOC_GEN_SWIFT:-$(command -v protoc-gen-swift)}
protoc --plugin=protoc-gen-swift="$plugin" --swift_opt=Visibility=Internal --swift_opt=UseAccessLevelOnImports=true \
    --swift_out=../Generated wire.proto
# The generator does not yet mark the use of its own nonisolated(unsafe) constant, which strict memory safety demands.
sed -i 's/ = _StorageClass.defaultInstance$/ = unsafe _StorageClass.defaultInstance/' ../Generated/wire.pb.swift
