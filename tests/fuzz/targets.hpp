// Fuzz targets: each takes any bytes, may refuse them, and aborts when one of our promises about
// them does not hold. The same functions run under libFuzzer (tools/test-fuzz) and, over the seed
// corpus and mutations of it, in an ordinary test (replay_test.cpp).
#pragma once

#include "storage/base/types.hpp"

namespace opsledger::fuzz {

/// A stored event record: decoders agree, the strict one accepts only what encodes to the same
/// bytes, and what an append would have taken can be shown as a CloudEvent.
void fuzz_record(BytesView input);
/// Keys and values of the ledger's database, by the first byte's choice.
void fuzz_layout(BytesView input);
/// Merkle tiles as a disk or a stranger may hand them out, and proofs that were changed: the root
/// is the right one or none, and only the tree's own proof is taken.
void fuzz_tile(BytesView input);
/// JSON of a query, and JSON text as such.
void fuzz_query_json(BytesView input);
/// Schema text up to the first newline, then bytes under it.
void fuzz_schema_text(BytesView input);
/// Bytes under a schema with one of everything: bytes -> JSON -> bytes.
void fuzz_codec(BytesView input);
/// JSON under the same schema: what encodes is well formed and stable.
void fuzz_encode(BytesView input);
/// Body of an append, in the own form and as CloudEvents.
void fuzz_append(BytesView input);
/// A table's query string (`column=operator.value&…`), run over a small table.
void fuzz_table_filter(BytesView input);
/// An expression, then a newline and the JSON of its names: parsed, checked and evaluated twice
/// alike.
void fuzz_expression(BytesView input);
/// A CSV file through a map that uses every kind of column.
void fuzz_csv(BytesView input);
/// A map file of the importer.
void fuzz_import_map(BytesView input);
/// Target, header values and body of a request, as the pure functions of kernel/http see them.
void fuzz_http(BytesView input);
/// The six parts of an XLSX workbook, with a NUL between them.
void fuzz_xlsx(BytesView input);
/// A whole spreadsheet file: a zip, or text in any encoding.
void fuzz_sheet_file(BytesView input);
/// Everything one connection sends, to the real server over a small ledger and its tables: parser,
/// router, every handler. No input makes a handler throw or the server go.
void fuzz_server(BytesView input);

}  // namespace opsledger::fuzz
