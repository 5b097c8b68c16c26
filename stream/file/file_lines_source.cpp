#include "stream/file/file_lines_source.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace weir::stream {

namespace {

std::unexpected<io_error> no_place(std::string_view text) {
  return std::unexpected(io_error{"this names no place in the files: " + std::string{text}});
}

}  // namespace

void file_lines_source::stand_behind(line_file file) {
  if (file.at_end()) {
    ++behind_;
    begun_.reset();
  } else {
    begun_ = std::move(file);
  }
}

std::expected<file_part, io_error> file_lines_source::take_next(const line_limits& limits, text_rows& rows) {
  const std::string& path = options_.paths[behind_];
  if (!begun_) {
    auto opened = line_file::open(path, path);
    if (!opened) return std::unexpected(io_error{path + ": " + std::generic_category().message(opened.error())});
    begun_ = std::move(*opened);
  }
  auto part = begun_->take(path, begun_->version().size, limits, rows, aside_);
  if (part) stand_behind(std::move(*begun_));
  return part;
}

std::expected<polled<std::string_view>, io_error> file_lines_source::poll(std::size_t rows_max) {
  const line_limits limits{rows_max, options_.batch_bytes_max, options_.line_bytes_max};
  text_rows rows;
  std::vector<file_part> parts;
  while (!ended() && limits.leave_room(rows)) {
    auto part = take_next(limits, rows);
    if (!part) return std::unexpected(part.error());
    if (part->from != part->to) parts.push_back(std::move(*part));
    if (begun_) break;  // the batch is full
  }
  return polled<row>{.taken = rows.take(), .range = spell(parts), .ended = ended()};
}

// ---- again

std::expected<std::vector<file_part>, io_error> file_lines_source::read_range(std::string_view range) const {
  auto parts = read_file_parts(range);
  if (!parts) return no_place(range);
  return std::move(*parts);
}

/// Goes to the file of a part; those before it, empty ones, are in no range.
std::expected<void, io_error> file_lines_source::find(const file_part& part) {
  const auto next = options_.paths.begin() + static_cast<std::ptrdiff_t>(behind_);
  const auto found = std::find(next, options_.paths.end(), part.name);
  if (found == options_.paths.end()) {
    return std::unexpected(io_error{part.name + ": its lines are wanted again, but it is none of the files to come"});
  }
  behind_ = static_cast<std::size_t>(found - options_.paths.begin());
  return {};
}

std::expected<received<std::string_view>, io_error> file_lines_source::replay(std::string_view range) {
  const auto parts = read_range(range);
  if (!parts) return std::unexpected(parts.error());
  text_rows rows;
  for (const file_part& part : *parts) {
    if (const auto there = find(part); !there) return std::unexpected(there.error());
    auto file = take_again(part.name, part, {.line_bytes_max = options_.line_bytes_max}, rows);
    if (!file) return std::unexpected(file.error());
    stand_behind(std::move(*file));
  }
  return rows.take();
}

std::expected<void, io_error> file_lines_source::skip(std::string_view range) {
  const auto parts = read_range(range);
  if (!parts) return std::unexpected(parts.error());
  for (const file_part& part : *parts) {
    if (auto there = find(part); !there) return there;
    stand_behind(line_file(part));
  }
  return {};
}

std::string file_lines_source::save() const {
  std::string text = std::to_string(behind_) + '\n';
  if (!begun_) return text;
  const file_part place = begun_->place();
  return text + spell({&place, 1});
}

std::expected<void, io_error> file_lines_source::restore(std::string_view saved) {
  std::size_t behind = 0;
  const auto [end, error] = std::from_chars(saved.data(), saved.data() + saved.size(), behind);
  const std::string_view rest = saved.substr(static_cast<std::size_t>(end - saved.data()));
  if (error != std::errc{} || !rest.starts_with('\n') || behind > options_.paths.size()) return no_place(saved);
  const auto parts = read_file_parts(rest.substr(1));
  if (!parts || parts->size() > 1) return no_place(saved);
  behind_ = behind;
  begun_.reset();
  if (parts->empty()) return {};
  if (const auto there = find(parts->front()); !there) return there;
  stand_behind(line_file(parts->front()));
  return {};
}

}  // namespace weir::stream
