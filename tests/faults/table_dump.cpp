#include "tests/faults/table_dump.hpp"

#include <algorithm>

#include "kernel/projection/generation_builder.hpp"
#include "kernel/projection/table_shape.hpp"
#include "storage/memory/memory_table_store.hpp"

namespace opsledger::testing_support {

namespace {

void add_row(const RowCursor& row, std::string* text) {
  *text += hex(row.key()) + " " + std::to_string(row.position().value) + " " + hex(row.row());
}

void add_history(const TableGeneration& generation, std::uint32_t table, BytesView key,
                 std::string* text) {
  const auto history = generation.history(table, key);
  if (!history.ok()) *text += " " + history.error().message;
  if (!history.ok()) return;
  for (const RowVersion& version : *history) {
    *text += " @" + std::to_string(version.position.value) + (version.erased ? "-" : "+") +
             hex(version.row);
  }
}

std::shared_ptr<PluginInstance> module_of(const Registry& registry, const std::string& name) {
  for (const auto& module : registry.modules()) {
    if (module->info().name == name) return module;
  }
  return nullptr;
}

}  // namespace

std::string dump_of(const TableGeneration& generation) {
  std::string text;
  for (const std::uint32_t table : {0u, 1u}) {
    const auto rows = generation.scan(table, {}, kHead, false);
    while (rows->next()) {
      add_row(*rows, &text);
      add_history(generation, table, rows->key(), &text);
      text += "\n";
    }
    if (!rows->status().ok()) text += rows->status().error().message;
  }
  const auto ordered = generation.scan_index(0, 0, {}, false);
  while (ordered->next()) {
    add_row(*ordered, &text);
    text += "\n";
  }
  return text;
}

Result<std::string> rebuilt_dump(const Ledger& ledger, const Registry& registry,
                                 const SchemaCatalog& schemas, const std::string& name) {
  const auto module = module_of(registry, name);
  TableBatch::Shapes shapes;
  for (std::uint32_t i = 0; i < module->info().tables.size(); ++i) {
    OPS_TRY_ASSIGN(auto shape, TableShape::make(module->info().tables[i], i));
    shapes.push_back(std::move(shape));
  }
  MemoryTableStore store;
  OPS_TRY_ASSIGN(const auto generation, store.open("rebuild"));
  GenerationBuilder builder({ledger, nullptr, registry, schemas}, module, generation, shapes, {},
                            {4'096, 16u << 20});
  for (;;) {
    OPS_TRY_ASSIGN(const bool done, builder.advance());
    if (done) return dump_of(*generation);
  }
}

}  // namespace opsledger::testing_support
