#include "storage/rocksdb/small_files.hpp"

namespace opsledger::rocks {

namespace {

using Path = std::filesystem::path;

rocksdb::IOStatus write_and_sync(Files& files, const Path& path, std::string_view text) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  auto status = files.NewWritableFile(path.string(), {}, &file, nullptr);
  if (status.ok()) status = file->Append(rocksdb::Slice(text.data(), text.size()), {}, nullptr);
  if (status.ok()) status = file->Fsync({}, nullptr);
  if (status.ok()) status = file->Close({}, nullptr);
  return status;
}

/// "/a/b", "b" and "." have parents that can be opened.
Path parent_of(const Path& path) {
  const Path parent = path.parent_path();
  return parent.empty() ? Path(".") : parent;
}

}  // namespace

std::shared_ptr<Files> files_of(rocksdb::Env* env) {
  return env == nullptr ? Files::Default() : env->GetFileSystem();
}

Error file_error(std::string_view what, const Path& path, const rocksdb::IOStatus& why) {
  return {Code::kIo, why.IsNoSpace() ? "storage.no_space" : "storage.io",
          "could not " + std::string(what) + " " + path.string() + ": " + why.ToString() +
              "; check the disk, its free space, the mount and the owner of the directory"};
}

Status sync_directory(Files& files, const Path& directory) {
  std::unique_ptr<rocksdb::FSDirectory> handle;
  auto status = files.NewDirectory(directory.string(), {}, &handle, nullptr);
  if (status.ok()) status = handle->Fsync({}, nullptr);
  if (!status.ok()) return file_error("sync", directory, status);
  return {};
}

Result<std::optional<Bytes>> read_file(Files& files, const Path& path, std::size_t bytes_max) {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  auto status = files.FileExists(path.string(), {}, nullptr);
  if (status.IsNotFound()) return std::optional<Bytes>();
  if (status.ok()) status = files.NewSequentialFile(path.string(), {}, &file, nullptr);
  Bytes bytes(bytes_max, '\0');
  rocksdb::Slice got;
  if (status.ok()) status = file->Read(bytes_max, {}, &got, bytes.data(), nullptr);
  if (!status.ok()) return file_error("read", path, status);
  return std::optional<Bytes>(Bytes(got.data(), got.size()));
}

Status write_file_durably(Files& files, const Path& path, std::string_view text) {
  const Path temporary = path.string() + ".tmp";
  if (const auto status = write_and_sync(files, temporary, text); !status.ok()) {
    return file_error("write", temporary, status);
  }
  const auto renamed = files.RenameFile(temporary.string(), path.string(), {}, nullptr);
  if (!renamed.ok()) return file_error("rename", path, renamed);
  return sync_directory(files, parent_of(path));
}

Status remove_file_durably(Files& files, const Path& path) {
  const auto removed = files.DeleteFile(path.string(), {}, nullptr);
  if (!removed.ok()) return file_error("remove", path, removed);
  return sync_directory(files, parent_of(path));
}

Status create_directories_durably(Files& files, const Path& path) {
  const auto exists = files.FileExists(path.string(), {}, nullptr);
  if (exists.ok()) return {};
  if (!exists.IsNotFound()) return file_error("look at", path, exists);
  const Path parent = parent_of(path);
  if (parent != path) OPS_TRY(create_directories_durably(files, parent));
  const auto made = files.CreateDirIfMissing(path.string(), {}, nullptr);
  if (!made.ok()) return file_error("create", path, made);
  return sync_directory(files, parent);
}

}  // namespace opsledger::rocks
