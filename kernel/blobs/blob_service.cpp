#include "kernel/blobs/blob_service.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "kernel/blobs/limits.hpp"
#include "storage/core/sha256.hpp"
#include "storage/core/validate.hpp"

namespace opsledger {
namespace {

namespace json = boost::json;

constexpr std::string_view kStored = "blob.stored";

std::string tag_of(const Hash& hash) {
  return "blob:" + hex(hash.bytes);
}

Error unknown(const Hash& hash) {
  return {Code::kNotFound, "entity.not_found",
          "there is no blob " + hex(hash.bytes) + " that you may read"};
}

std::string name_in(const EventView& event) {
  boost::system::error_code failed;
  const auto data = json::parse(json::string_view(event.data.data(), event.data.size()), failed);
  const auto* name = !failed && data.is_object() ? data.get_object().if_contains("name") : nullptr;
  return name != nullptr && name->is_string() ? std::string(name->get_string()) : "file";
}

}  // namespace

std::vector<std::string> BlobService::default_types() {
  return {"image/png",
          "image/jpeg",
          "image/gif",
          "image/webp",
          "application/pdf",
          "text/plain",
          "text/csv",
          "application/json",
          "application/zip",
          "application/msword",
          "application/vnd.ms-excel",
          "application/vnd.ms-powerpoint",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "video/mp4"};
}

std::string safe_file_name(std::string_view name) {
  const auto folder = name.find_last_of("/\\");
  if (folder != std::string_view::npos) name.remove_prefix(folder + 1);
  std::string out;
  for (const char c : name) {
    const bool bad = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
                     std::string_view("\"<>|:*?").find(c) != std::string_view::npos;
    if (!bad) out += c;
  }
  while (out.size() > blob_limits::kNameBytesMax) out.pop_back();
  while (!out.empty() && !is_utf8(out)) out.pop_back();
  const bool dots = out.find_first_not_of(". ") == std::string::npos;
  return dots ? "file" : out;
}

BlobService::BlobService(std::unique_ptr<BlobStore> store, std::unique_ptr<FileTypes> types,
                         Ledger& ledger, const Registry& registry, Options options)
    : store_(std::move(store)),
      types_(std::move(types)),
      ledger_(ledger),
      registry_(registry),
      options_(std::move(options)) {}

Result<std::unique_ptr<BlobService>> BlobService::open(std::unique_ptr<BlobStore> store,
                                                       Ledger& ledger, const Registry& registry,
                                                       Options options) {
  OPS_TRY_ASSIGN(auto types, FileTypes::open());
  return std::unique_ptr<BlobService>(
      new BlobService(std::move(store), std::move(types), ledger, registry, std::move(options)));
}

Result<BlobService::Stored> BlobService::store(BytesView content, std::string_view name,
                                               const RequestContext& context) {
  if (content.empty()) return Error{Code::kInvalid, "blob.empty", "the body is empty"};
  if (content.size() > options_.bytes_max) {
    return Error{Code::kTooLarge, "blob.too_large",
                 "the content has " + std::to_string(content.size()) + " bytes, the limit is " +
                     std::to_string(options_.bytes_max)};
  }
  Stored stored{
      sha256(content), {content.size(), types_->type_of(content)}, safe_file_name(name), {}};
  if (std::find(options_.types.begin(), options_.types.end(), stored.facts.mime) ==
      options_.types.end()) {
    return Error{Code::kUnsupported, "blob.type",
                 "the content is " + stored.facts.mime +
                     ", which is not among the allowed types (blobs.types)"};
  }
  OPS_TRY_ASSIGN(const bool is_new, store_->put(stored.hash, content, stored.facts.mime));
  static_cast<void>(is_new);
  OPS_TRY_ASSIGN(stored.position, record(stored, context));
  return stored;
}

/// The upload by this actor in this department; 0 = there is none.
Result<Position> BlobService::recorded(const Hash& hash, const RequestContext& context) const {
  OPS_TRY_ASSIGN(const auto cursor,
                 ledger_.read(Query{{{{std::string(kStored)}, {tag_of(hash)}}}}, {}));
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return Position{};
    for (const auto& event : events) {
      if (event.actor == context.actor && event.department == context.department) {
        return event.position;
      }
    }
  }
}

Result<Position> BlobService::record(const Stored& stored, const RequestContext& context) {
  OPS_TRY_ASSIGN(const auto known, recorded(stored.hash, context));
  if (known.value != 0) return known;
  NewEvent event;
  event.type = kStored;
  event.tags = {tag_of(stored.hash)};
  event.actor = context.actor;
  event.department = context.department;
  event.correlation = context.correlation;
  event.data = json::serialize(json::object{{"sha256", hex(stored.hash.bytes)},
                                            {"size", stored.facts.size},
                                            {"mime", stored.facts.mime},
                                            {"name", stored.name}});
  Proposal proposal;
  proposal.events.push_back(std::move(event));
  OPS_TRY_ASSIGN(const auto appended, append_and_wait(ledger_, std::move(proposal)));
  return appended.last;
}

Result<BlobService::Readable> BlobService::find_readable(const Hash& hash, const Sees& sees) const {
  OPS_TRY_ASSIGN(auto facts, store_->find(hash));
  if (!facts) return unknown(hash);
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(Query{{{{}, {tag_of(hash)}}}}, {}));
  std::string name = "file";
  for (std::size_t seen = 0; seen < blob_limits::kMentionsMax;) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) break;
    for (const auto& event : events) {
      ++seen;
      const bool upload = event.type == kStored;
      if (upload) name = name_in(event);
      const bool counts = upload || registry_.owner(event.type) != nullptr;
      if (counts && sees(event)) return Readable{std::move(*facts), std::move(name)};
    }
  }
  return unknown(hash);
}

Result<Bytes> BlobService::read_piece(const Hash& hash, std::uint64_t index) const {
  return store_->read_piece(hash, index);
}

Result<Bytes> BlobService::read(const Hash& hash) const {
  OPS_TRY_ASSIGN(const auto facts, store_->find(hash));
  if (!facts) return unknown(hash);
  Bytes content;
  for (std::uint64_t i = 0; i < facts->pieces(); ++i) {
    OPS_TRY_ASSIGN(const auto piece, store_->read_piece(hash, i));
    content += piece;
  }
  if (sha256(content) == hash) return content;
  return Error{Code::kCorrupt, "blob.damaged",
               "blob " + hex(hash.bytes) + " is not what it was; restore it from a backup"};
}

Result<bool> BlobService::referenced(const Hash& hash) const {
  OPS_TRY_ASSIGN(const auto cursor, ledger_.read(Query{{{{}, {tag_of(hash)}}}}, {}));
  while (true) {
    OPS_TRY_ASSIGN(const auto events, cursor->next());
    if (events.empty()) return false;
    for (const auto& event : events) {
      if (event.type != kStored) return true;
    }
  }
}

Result<std::vector<BlobService::Stored>> BlobService::unreferenced(const Hash& after) const {
  std::vector<Stored> list;
  Status failed;
  OPS_TRY(store_->scan([&](const Hash& hash, const BlobFacts& facts) {
    if (hash <= after) return true;
    const auto named = referenced(hash);
    if (!named) failed = named.error();
    if (named && !*named) list.push_back({hash, facts, {}, {}});
    return failed.ok() && list.size() < blob_limits::kListMax;
  }));
  OPS_TRY(std::move(failed));
  return list;
}

Result<std::uint64_t> verify_blobs(const BlobStore& store, const ReportDamage& report) {
  std::uint64_t count = 0;
  OPS_TRY(store.scan([&](const Hash& hash, const BlobFacts& facts) {
    ++count;
    Sha256 digest;
    for (std::uint64_t i = 0; i < facts.pieces(); ++i) {
      const auto piece = store.read_piece(hash, i);
      if (!piece) {
        report(hash, piece.error());
        return true;
      }
      digest.update(*piece);
    }
    if (digest.finish() != hash) {
      report(hash, {Code::kCorrupt, "blob.damaged",
                    "blob " + hex(hash.bytes) + " is not what it was; restore it from a backup"});
    }
    return true;
  }));
  return count;
}

}  // namespace opsledger
