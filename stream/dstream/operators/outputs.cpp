#include "stream/dstream/operators/outputs.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace weir::stream {

namespace {

[[noreturn]] void fail(const std::string& path) {
  throw std::runtime_error(path + ": " + std::generic_category().message(errno));
}

void write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) fail(path);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void write_whole_file(const std::string& path, std::string_view text) {
  const std::string making = path + ".tmp";
  const int file = ::open(making.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(making);
  write_all(file, text, making);
  if (::fdatasync(file) != 0 || ::close(file) != 0) fail(making);
  if (std::rename(making.c_str(), path.c_str()) != 0) fail(path);
}

std::string batch_file_name(std::string_view prefix, timestamp batch_time, std::string_view suffix) {
  const auto us = batch_time.time_since_epoch().count();
  std::string name(prefix);
  name += '-';
  name += std::to_string(us / 1000);
  if (us % 1000 != 0) name += '.' + std::to_string(1000 + us % 1000).substr(1);
  name += suffix;
  return name;
}

}  // namespace weir::stream
