#include "naive_json.hpp"

#include <cstdint>
#include <optional>

namespace weir::testing {

namespace {

/// Recursive descent, a function a rule of RFC 8259; each takes its rule off the front of the text.
class json_checker {
 public:
  explicit json_checker(std::string_view text) : left_(text) {}

  bool whole_object() {
    skip_space();
    return object() && (skip_space(), left_.empty());
  }

 private:
  bool take(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }

  bool take(std::string_view word) {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }

  void skip_space() {
    while (take(' ') || take('\t') || take('\r') || take('\n')) {
    }
  }

  bool value() {
    skip_space();
    if (left_.empty()) return false;
    bool good = false;
    switch (left_.front()) {
      case '{': good = object(); break;
      case '[': good = list(); break;
      case '"': good = string(); break;
      case 't': good = take("true"); break;
      case 'f': good = take("false"); break;
      case 'n': good = take("null"); break;
      default: good = number();
    }
    skip_space();
    return good;
  }

  bool object() {
    if (!take('{')) return false;
    skip_space();
    if (take('}')) return true;
    do {
      skip_space();
      if (!string()) return false;
      skip_space();
      if (!take(':') || !value()) return false;
    } while (take(','));
    return take('}');
  }

  bool list() {
    if (!take('[')) return false;
    skip_space();
    if (take(']')) return true;
    do {
      if (!value()) return false;
    } while (take(','));
    return take(']');
  }

  bool digits() {
    bool any = false;
    while (!left_.empty() && left_.front() >= '0' && left_.front() <= '9') {
      left_.remove_prefix(1);
      any = true;
    }
    return any;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return digits();
  }

  bool string() {
    if (!take('"')) return false;
    while (!left_.empty()) {
      if (take('"')) return true;
      if (left_.front() == '\\') {
        if (!escape()) return false;
      } else if (static_cast<unsigned char>(left_.front()) < 0x20 || !character()) {
        return false;
      }
    }
    return false;
  }

  bool escape() {
    take('\\');
    for (const char c : {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'}) {
      if (take(c)) return true;
    }
    const auto first = unit();
    if (!first || (*first >= 0xDC00 && *first < 0xE000)) return false;
    if (*first < 0xD800 || *first >= 0xE000) return true;
    if (!take('\\')) return false;
    const auto second = unit();
    return second && *second >= 0xDC00 && *second < 0xE000;
  }

  /// "u0041"
  std::optional<std::uint32_t> unit() {
    if (!take('u') || left_.size() < 4) return std::nullopt;
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = left_[static_cast<std::size_t>(i)];
      const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!letter && (c < '0' || c > '9')) return std::nullopt;
      code = code * 16 + static_cast<std::uint32_t>(letter ? (c & 0xF) + 9 : c - '0');
    }
    left_.remove_prefix(4);
    return code;
  }

  /// One character of UTF-8 (RFC 3629).
  bool character() {
    const auto byte = [&](std::size_t i) { return i < left_.size() ? static_cast<unsigned char>(left_[i]) : 0U; };
    const unsigned lead = byte(0);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    if (size == 0) return false;
    for (std::size_t i = 1; i < size; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return false;
    }
    const bool too_long = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    const bool too_large = lead == 0xF4 && byte(1) > 0x8F;
    left_.remove_prefix(size);
    return !too_long && !surrogate && !too_large;
  }

  std::string_view left_;
};

}  // namespace

bool is_json_object(std::string_view text) { return json_checker(text).whole_object(); }

}  // namespace weir::testing
