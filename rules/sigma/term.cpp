#include "rules/sigma/term.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir::sigma {

namespace {

constexpr std::size_t columns = 120;

term joined(term::joint how, std::vector<term> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  term whole{.how = how, .text = {}, .parts = {}};
  for (term& part : parts) {
    if (part.how == how) {
      std::ranges::move(part.parts, std::back_inserter(whole.parts));
    } else {
      whole.parts.push_back(std::move(part));
    }
  }
  return whole;
}

std::string_view word_of(term::joint how) { return how == term::joint::all ? "and " : "or "; }

std::string write_flat(const term& condition);

bool needs_brackets(const term& part) { return part.how == term::joint::all || part.how == term::joint::any; }

std::string write_part(const term& part) {
  return needs_brackets(part) ? "(" + write_flat(part) + ")" : write_flat(part);
}

std::string write_flat(const term& condition) {
  switch (condition.how) {
    case term::joint::leaf: return condition.text;
    case term::joint::negation: {
      const term& inner = condition.parts.front();
      // `not a = b` would do, but does not read so well.
      return "not (" + write_flat(inner) + ")";
    }
    case term::joint::all:
    case term::joint::any: break;
  }
  std::string out;
  for (const term& part : condition.parts) {
    if (!out.empty()) out.append(" ").append(word_of(condition.how));
    out += write_part(part);
  }
  return out;
}

std::string quoted(std::string_view text, bool reason) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '{': out += reason ? "\\{" : "{"; break;
      default: out += c;
    }
  }
  return out + "\"";
}

}  // namespace

term leaf(std::string text) { return {.how = term::joint::leaf, .text = std::move(text), .parts = {}}; }
term all_of(std::vector<term> parts) { return joined(term::joint::all, std::move(parts)); }
term any_of(std::vector<term> parts) { return joined(term::joint::any, std::move(parts)); }
term negation(term of) { return {.how = term::joint::negation, .text = {}, .parts = {std::move(of)}}; }

std::string write(const term& condition, std::size_t indent, std::size_t begin) {
  std::string flat = write_flat(condition);
  if (begin + flat.size() <= columns || condition.how == term::joint::leaf) return flat;
  if (condition.how == term::joint::negation) {
    return "not (" + write(condition.parts.front(), indent + 5, begin + 5) + ")";
  }
  std::string out;
  const std::string_view word = word_of(condition.how);
  for (const term& part : condition.parts) {
    const bool brackets = needs_brackets(part);
    std::size_t from = out.empty() ? begin : indent + word.size();
    if (!out.empty()) out.append("\n").append(std::string(indent, ' ')).append(word);
    if (brackets) out += '(';
    from += brackets ? 1 : 0;
    out += write(part, from, from);
    if (brackets) out += ')';
  }
  return out;
}

std::string quoted(std::string_view text) { return quoted(text, false); }
std::string quoted_reason(std::string_view text) { return quoted(text, true); }

}  // namespace weir::sigma
