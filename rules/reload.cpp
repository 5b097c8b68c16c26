#include "rules/reload.hpp"

#include <utility>

#include "rules/content_hash.hpp"
#include "rules/reference_files.hpp"

namespace weir::rules {
namespace {

class reloading {
 public:
  explicit reloading(const file_reader& read) : read_(read) {}

  /// Reads the file again, if it has changed: `parse` makes its new values, which replace `values`. True if it did.
  template <class Values, class Parse>
  bool again(reference_file& file, Values& values, Parse parse) {
    if (file.path.empty()) return false;  // of a list that is no longer declared
    const auto text = read_(file.path);
    if (!text) {
      errors.push_back("can't read " + file.path + ": " + text.error());
      return false;
    }
    auto hash = content_hash(*text);
    if (hash == file.content_hash) return false;
    auto found = parse(*text);
    if (!found) {
      errors.push_back(file.path + ", " + found.error());
      return false;
    }
    values = *std::move(found);
    file.content_hash = std::move(hash);
    return true;
  }

  std::vector<std::string> errors;

 private:
  const file_reader& read_;
};

}  // namespace

reloaded reload(program& rules, const file_reader& read) {
  reloading files(read);
  reloaded result;
  for (std::size_t i = 0; i < rules.lists.size(); ++i) {
    auto& source = rules.lists[i];
    const auto parse = [&](const std::string& text) { return read_list(text, source); };
    if (files.again(source.file, rules.data.lists[i], parse)) result.lists.push_back(static_cast<std::uint16_t>(i));
  }
  for (std::size_t i = 0; i < rules.tables.size(); ++i) {
    auto& source = rules.tables[i];
    const auto parse = [&](const std::string& text) { return read_table(text, source, rules.schema); };
    if (files.again(source.file, rules.data.tables[i], parse)) result.tables.push_back(static_cast<std::uint16_t>(i));
  }
  result.errors = std::move(files.errors);
  return result;
}

}  // namespace weir::rules
