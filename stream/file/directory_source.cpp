#include "stream/file/directory_source.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace weir::stream {

namespace {

std::string error_text(int number) { return std::generic_category().message(number); }

struct close_directory {
  void operator()(DIR* open) const { ::closedir(open); }
};

bool holds(const std::unordered_map<std::string, file_version>& files, const std::string& name,
           const file_version& version) {
  const auto found = files.find(name);
  return found != files.end() && found->second == version;
}

}  // namespace

directory_source::directory_source(directory_options options) : options_(std::move(options)) {}

std::expected<directory_source, io_error> directory_source::open(directory_options options) {
  directory_source made(std::move(options));
  if (const auto seen = made.names(); !seen) return std::unexpected(seen.error());
  return made;
}

// ---- what is in the directory

bool directory_source::looked_at(std::string_view name) const {
  return !name.starts_with('.') && !name.ends_with(".tmp") && !name.ends_with("_COPYING_") &&
         name.ends_with(options_.suffix);
}

std::expected<std::vector<std::string>, io_error> directory_source::names() const {
  const std::unique_ptr<DIR, close_directory> open{::opendir(options_.path.c_str())};
  if (!open) return std::unexpected(io_error{options_.path + ": " + error_text(errno)});
  std::vector<std::string> found;
  errno = 0;
  while (const dirent* entry = ::readdir(open.get())) {
    if (looked_at(entry->d_name)) found.emplace_back(entry->d_name);
  }
  if (errno != 0) return std::unexpected(io_error{options_.path + ": " + error_text(errno)});
  return found;
}

/// A file that is to be taken.
std::optional<directory_source::waiting_file> directory_source::look(const std::string& name) {
  const auto seen = version_at(path_of(name));
  if (!seen) {
    // One that was taken may go at any time.
    if (seen.error() == ENOENT && !taken_.contains(name)) ++aside_["file gone before it was read"];
    return {};
  }
  if (!*seen || holds(taken_, name, **seen) || holds(refused_, name, **seen)) return {};
  return waiting_file{**seen, name};
}

void directory_source::forget_gone(const std::vector<std::string>& names) {
  if (taken_.empty() && refused_.empty()) return;
  const std::unordered_set<std::string_view> there(names.begin(), names.end());
  const auto gone = [&](const auto& file) { return !there.contains(file.first); };
  std::erase_if(taken_, gone);
  std::erase_if(refused_, gone);
}

std::expected<std::vector<directory_source::waiting_file>, io_error> directory_source::list() {
  const auto found = names();
  if (!found) return std::unexpected(found.error());
  forget_gone(*found);
  std::vector<waiting_file> waiting;
  for (const std::string& name : *found) {
    if (auto file = look(name)) waiting.push_back(std::move(*file));
  }
  std::ranges::sort(waiting, {}, [](const waiting_file& file) { return std::tie(file.version.written_ns, file.name); });
  return waiting;
}

// ---- taking

/// False: it is set aside.
bool directory_source::begin(const waiting_file& file) {
  auto opened = line_file::open(path_of(file.name), file.name);
  if (opened) {
    begun_ = std::move(*opened);
    return true;
  }
  if (opened.error() == ENOENT) {
    ++aside_["file gone before it was read"];
  } else {
    ++aside_["file that cannot be read: " + error_text(opened.error())];
    refused_[file.name] = file.version;
  }
  return false;
}

/// False: the file that has begun went while nobody held it open, and is set aside.
bool directory_source::still_there() {
  if (begun_->make_ready(path_of(begun_->name())) != ENOENT) return true;
  ++aside_["file gone before its end was read"];
  begun_.reset();
  return false;
}

void directory_source::stand_behind(line_file file) {
  if (file.at_end()) {
    taken_[file.name()] = file.version();
    begun_.reset();
  } else {
    begun_ = std::move(file);
  }
}

std::expected<void, io_error> directory_source::take_begun(const line_limits& limits, text_rows& rows,
                                                           std::vector<file_part>& parts) {
  auto part = begun_->take(path_of(begun_->name()), begun_->version().size, limits, rows, aside_);
  if (!part) return std::unexpected(part.error());
  if (part->from != part->to) parts.push_back(std::move(*part));
  stand_behind(std::move(*begun_));
  return {};
}

line_limits directory_source::limits_of(std::size_t rows_max) const {
  return {rows_max, options_.batch_bytes_max, options_.line_bytes_max, options_.record_bytes};
}

std::expected<polled<std::string_view>, io_error> directory_source::poll(std::size_t rows_max) {
  const line_limits limits = limits_of(rows_max);
  text_rows rows;
  std::vector<file_part> parts;
  if (begun_ && still_there()) {
    if (const auto taken = take_begun(limits, rows, parts); !taken) return std::unexpected(taken.error());
  }
  if (!begun_ && limits.leave_room(rows)) {
    const auto waiting = list();
    if (!waiting) return std::unexpected(waiting.error());
    for (auto next = waiting->begin(); next != waiting->end() && !begun_ && limits.leave_room(rows); ++next) {
      if (!begin(*next)) continue;
      if (const auto taken = take_begun(limits, rows, parts); !taken) return std::unexpected(taken.error());
    }
  }
  return polled<row>{.taken = rows.take(), .range = spell(parts)};
}

// ---- again

std::expected<std::vector<file_part>, io_error> directory_source::read_range(std::string_view range) const {
  auto parts = read_file_parts(range);
  if (!parts)
    return std::unexpected(io_error{options_.path + ": this names no part of its files: " + std::string{range}});
  return std::move(*parts);
}

std::expected<received<std::string_view>, io_error> directory_source::replay(std::string_view range) {
  const auto parts = read_range(range);
  if (!parts) return std::unexpected(parts.error());
  text_rows rows;
  for (const file_part& part : *parts) {
    auto file = take_again(path_of(part.name), part, limits_of(std::size_t(-1)), rows);
    if (!file) return std::unexpected(file.error());
    stand_behind(std::move(*file));
  }
  return rows.take();
}

std::expected<void, io_error> directory_source::skip(std::string_view range) {
  const auto parts = read_range(range);
  if (!parts) return std::unexpected(parts.error());
  for (const file_part& part : *parts) stand_behind(line_file(part));
  return {};
}

std::string directory_source::save() const {
  std::vector<file_part> parts;
  for (const auto& [name, version] : taken_) parts.push_back({name, 0, version.size, version});
  std::ranges::sort(parts, {}, &file_part::name);  // one state, one text
  if (begun_) parts.push_back(begun_->place());
  return spell(parts);
}

std::expected<void, io_error> directory_source::restore(std::string_view saved) {
  const auto parts = read_range(saved);
  if (!parts) return std::unexpected(parts.error());
  taken_.clear();
  begun_.reset();
  for (const file_part& part : *parts) stand_behind(line_file(part));
  return {};
}

}  // namespace weir::stream
