// Small pictures of large ones. libvips stays behind this header.
#pragma once

#include "storage/base/result.hpp"
#include "storage/base/types.hpp"

namespace opsledger {

/// A PNG of at most kThumbnailSide × kThumbnailSide, never larger than the image, without its
/// metadata; of an image that is cut off, what is there. Only PNG, JPEG, GIF and WebP are read.
/// Blocks; thread safe. Errors: kUnsupported `blob.no_image` (another type, or broken), kTooLarge
/// `blob.image_too_large` (decided by its header, before anything is decoded), kTooLarge
/// `blob.image_too_slow`.
Result<Bytes> make_thumbnail(BytesView image, std::string_view mime);

}  // namespace opsledger
