// An event of eight fields, both ways.
#include <benchmark/benchmark.h>
#include <boost/json.hpp>

#include "kernel/schema/schema.hpp"

namespace opsledger {
namespace {

constexpr std::string_view kText =
    R"({"struct":[{"name":"order","type":"string"},{"name":"line","type":"u32"},)"
    R"({"name":"sku","type":"string"},{"name":"description","type":"string"},)"
    R"({"name":"quantity","type":"i32"},{"name":"unit_price","type":"decimal"},)"
    R"({"name":"at","type":"time"},{"name":"customer","type":{"optional":"string"}}]})";
constexpr std::string_view kValue =
    R"({"order":"536365","line":3,"sku":"85123A","description":"WHITE HANGING HEART T-LIGHT HOLDER",)"
    R"("quantity":6,"unit_price":"2.550","at":"2010-12-01T08:26:00Z","customer":"17850"})";

void Encode(benchmark::State& state) {
  const auto schema = *Schema::parse(kText);
  const auto json = boost::json::parse(kValue);
  for (auto _ : state) benchmark::DoNotOptimize(schema->encode(json, "/data"));
}
BENCHMARK(Encode);

void ParseAndEncode(benchmark::State& state) {
  const auto schema = *Schema::parse(kText);
  for (auto _ : state) {
    benchmark::DoNotOptimize(schema->encode(boost::json::parse(kValue), "/data"));
  }
}
BENCHMARK(ParseAndEncode);

void DecodeToText(benchmark::State& state) {
  const auto schema = *Schema::parse(kText);
  const Bytes bytes = *schema->encode(boost::json::parse(kValue));
  std::string text;
  for (auto _ : state) {
    text.clear();
    benchmark::DoNotOptimize(schema->decode_to(bytes, &text).ok());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}
BENCHMARK(DecodeToText);

void Check(benchmark::State& state) {
  const auto schema = *Schema::parse(kText);
  const Bytes bytes = *schema->encode(boost::json::parse(kValue));
  for (auto _ : state) benchmark::DoNotOptimize(schema->check(bytes).ok());
}
BENCHMARK(Check);

void ConvertToThreeFields(benchmark::State& state) {
  const auto writer = *Schema::parse(kText);
  const auto reader = *Schema::parse(
      R"({"struct":[{"name":"quantity","type":"i64"},{"name":"order","type":"string"},)"
      R"({"name":"note","type":{"optional":"string"}}]})");
  const auto resolution = *Resolution::make(writer, reader);
  const Bytes bytes = *writer->encode(boost::json::parse(kValue));
  Bytes out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(resolution->convert(bytes, &out).ok());
  }
}
BENCHMARK(ConvertToThreeFields);

}  // namespace
}  // namespace opsledger
