#include "kernel/http/table_operations.hpp"

#include "kernel/http/exports.hpp"
#include "kernel/http/response.hpp"

namespace opsledger {

namespace {

constexpr std::string_view kString = R"({"type":"string"})";
constexpr std::string_view kInteger = R"({"type":"integer","minimum":0})";
constexpr std::string_view kObjects = R"({"type":"array","items":{"type":"object"}})";

std::vector<Parameter> moment_parameters() {
  return {
      {"as_of", "query", kString, "position or RFC 3339 time to show the table as of"},
      {"as_shown", "query", R"({"type":"boolean"})", "by the generation that was live at `as_of`"},
      {"min_position", "query", kInteger, "wait until the table has got there"}};
}

std::vector<Parameter> with_moment(std::vector<Parameter> parameters) {
  for (const Parameter& parameter : moment_parameters()) parameters.push_back(parameter);
  return parameters;
}

}  // namespace

Operation list_tables_operation() {
  return {.id = "listTables",
          .tag = "tables",
          .summary = "Every table of every module, with the schema of its rows",
          .answer = {{{media::kJson}, kObjects}}};
}

Operation rows_operation() {
  return {.id = "readTable",
          .tag = "tables",
          .summary = "Rows in PostgREST's grammar; columns filter as `column=operator.value`",
          .parameters = with_moment(
              {{"select", "query", kString, "columns and aggregates: `site,count()`"},
               {"order", "query", kString, "`column.desc.nullslast`, several with commas"},
               {"limit", "query", kInteger, "at most so many rows"},
               {"offset", "query", kInteger, "skip so many rows"},
               {"or", "query", kString, "`(a.eq.1,b.gt.2)`"},
               {"and", "query", kString, "`(a.gte.1,a.lt.9)`"},
               {"Prefer", "header", kString,
                "`count=exact` puts the total into Content-Range; of a spreadsheet: `labels` "
                "titles its columns as `Accept-Language` says, `timezone=Asia/Shanghai`"}}),
          .answer = {{{media::kJson}, "#rows"},
                     {{media::kCsv, media::kXlsx}, R"({"type":"string","format":"binary"})"}},
          .problems = {404, 406, 413, 422},
          .expands = Expands::kPerTable};
}

Operation timers_operation() {
  Operation operation = rows_operation();
  operation.id = "listTimers";
  operation.summary = "Pending timers: the rows of the table timer.pending, read in the same way";
  operation.answer = {{{media::kJson}, kObjects}};
  operation.expands = Expands::kNot;
  return operation;
}

Operation row_operation() {
  return {.id = "readRow",
          .tag = "tables",
          .summary = "One row by its key",
          .parameters = with_moment({{"key", "path", kString, "one percent-encoded string"}}),
          .answer = {{{media::kJson}, "#row"}},
          .problems = {404},
          .expands = Expands::kPerTable};
}

Operation history_operation() {
  return {.id = "readRowHistory",
          .tag = "tables",
          .summary = "Every version of a row with the event that made it",
          .parameters = with_moment({{"key", "path", kString, "one percent-encoded string"}}),
          .answer = {{{media::kJson}, kObjects}},
          .problems = {404},
          .expands = Expands::kPerTable};
}

Operation diff_operation() {
  return {.id = "diffTable",
          .tag = "tables",
          .summary = "Rows added, changed and removed between two positions",
          .parameters = with_moment({{"from", "query", kString, "position or time", true},
                                     {"to", "query", kString, "position or time; default head"}}),
          .answer = {{{media::kJson}, "#TableDiff"}},
          .problems = {404},
          .expands = Expands::kPerTable};
}

}  // namespace opsledger
