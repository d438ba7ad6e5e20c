#include "kernel/blobs/thumbnail.hpp"

#include <vips/vips.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>

#include "kernel/blobs/limits.hpp"

namespace opsledger {
namespace {

struct Unref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Unref>;

bool start_vips() {
  static const bool started = [] {
    if (VIPS_INIT("opsledger") != 0) return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    // What a stranger's image makes it say is said by our errors.
    g_log_set_handler(
        "VIPS", G_LOG_LEVEL_WARNING, [](const char*, GLogLevelFlags, const char*, void*) {},
        nullptr);
    vips_block_untrusted_set(TRUE);  // loaders that were not made for hostile files
    return true;
  }();
  return started;
}

Error no_image(std::string_view why) {
  return {Code::kUnsupported, "blob.no_image",
          "there is no thumbnail of this: " + std::string(why)};
}

/// Ends a decoding that takes too long.
void look_at_clock(VipsImage* image, VipsProgress*, void* deadline) {
  if (std::chrono::steady_clock::now() >
      *static_cast<std::chrono::steady_clock::time_point*>(deadline)) {
    vips_image_set_kill(image, TRUE);
  }
}

Status check_size(BytesView bytes) {
  const Image header(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr));
  if (!header) {
    vips_error_clear();
    return no_image("the image is broken");
  }
  const auto width = vips_image_get_width(header.get());
  const auto height = vips_image_get_height(header.get());
  const auto pixels = static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  if (pixels <= blob_limits::kImagePixelsMax &&
      std::max(width, height) <= blob_limits::kImageSideMax) {
    return {};
  }
  return Error{Code::kTooLarge, "blob.image_too_large",
               "the image has " + std::to_string(width) + " × " + std::to_string(height) +
                   " pixels; thumbnails are made of at most " +
                   std::to_string(blob_limits::kImagePixelsMax)};
}

}  // namespace

Result<Bytes> make_thumbnail(BytesView image, std::string_view mime) {
  constexpr std::string_view kRead[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};
  if (std::find(std::begin(kRead), std::end(kRead), mime) == std::end(kRead)) {
    return no_image("it is " + std::string(mime));
  }
  if (!start_vips()) return Error{Code::kInternal, "blob.vips", "libvips does not start"};
  OPS_TRY(check_size(image));
  VipsImage* made = nullptr;
  const int side = blob_limits::kThumbnailSide;
  if (vips_thumbnail_buffer(const_cast<char*>(image.data()), image.size(), &made, side, "height",
                            side, "size", VIPS_SIZE_DOWN, nullptr) != 0) {
    vips_error_clear();
    return no_image("the image is broken");
  }
  const Image small(made);
  auto deadline = std::chrono::steady_clock::now() + blob_limits::kThumbnailTimeMax;
  vips_image_set_progress(small.get(), TRUE);
  g_signal_connect(small.get(), "eval", G_CALLBACK(look_at_clock), &deadline);
  void* bytes = nullptr;
  std::size_t size = 0;
  const int failed = vips_pngsave_buffer(small.get(), &bytes, &size, "strip", TRUE, nullptr);
  const std::unique_ptr<void, decltype(&g_free)> owned(bytes, g_free);
  if (failed == 0) return Bytes(static_cast<const char*>(bytes), size);
  vips_error_clear();
  if (std::chrono::steady_clock::now() > deadline) {
    return Error{Code::kTooLarge, "blob.image_too_slow", "decoding the image takes too long"};
  }
  return no_image("the image is broken");
}

}  // namespace opsledger
