#include "rules/diagnostic.hpp"

#include <algorithm>
#include <numeric>

#include "rules/syntax/utf8.hpp"

namespace weir::rules {

namespace {

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[1;35m";
constexpr std::string_view green = "\x1b[1;32m";
constexpr std::string_view plain = "\x1b[0m";

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (text[at] & 0xC0) == 0x80;
}

/// A line of a file, and the part of it that a finding is about.
struct marked_line {
  std::size_t number = 1;
  std::size_t column = 1;  // in code points
  std::string_view before;
  std::string_view marked;
  std::string_view behind;
};

marked_line find_line(std::string_view text, source_span where) {
  const std::size_t at = std::min<std::size_t>(where.begin, text.size());
  const std::size_t last_end = text.substr(0, at).rfind('\n');
  const std::size_t begin = last_end == std::string_view::npos ? 0 : last_end + 1;
  std::size_t end = std::min(text.find('\n', at), text.size());
  if (end > at && text[end - 1] == '\r') --end;
  const std::size_t mark_end = std::clamp<std::size_t>(where.end, at, end);
  marked_line line;
  line.number = 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
  line.before = text.substr(begin, at - begin);
  line.column = 1 + code_points(line.before);
  line.marked = text.substr(at, mark_end - at);
  line.behind = text.substr(mark_end, end - mark_end);
  return line;
}

/// Cuts a line too long to show down to what stands around the mark. True where something was cut off in front.
bool shorten(marked_line& line) {
  constexpr std::size_t shown = 100;  // on either side
  bool cut = false;
  if (line.before.size() > shown) {
    std::size_t from = line.before.size() - shown;
    while (is_inside_character(line.before, from)) ++from;
    line.before.remove_prefix(from);
    cut = true;
  }
  if (line.marked.size() > shown) {
    line.marked = line.marked.substr(0, shown);
    line.behind = {};
  }
  line.behind = line.behind.substr(0, shown);
  return cut;
}

/// What a terminal can show of a text: no control characters but tabs, no byte that is not UTF-8.
void append_line(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t valid = std::min(syntax::find_invalid_utf8(text), text.size());
    for (const char c : text.substr(0, valid)) out += (c >= 0 && c < ' ' && c != '\t') || c == 0x7F ? ' ' : c;
    if (valid < text.size()) out += "\uFFFD";
    text.remove_prefix(std::min(valid + 1, text.size()));
  }
}

/// Blanks as wide as `text`: its tabs stay, so that what follows stands under what follows it.
void append_blanks(std::string& out, std::string_view text) {
  for (const char c : text) {
    if ((c & 0xC0) != 0x80) out += c == '\t' ? '\t' : ' ';
  }
}

void append_excerpt(std::string& out, marked_line line, std::string_view colour) {
  constexpr std::string_view indent = "    ";
  constexpr std::string_view ellipsis = "...";
  const bool cut = shorten(line);
  out += indent;
  if (cut) out += ellipsis;
  append_line(out, line.before);
  append_line(out, line.marked);
  append_line(out, line.behind);
  out += '\n';
  out += indent;
  if (cut) append_blanks(out, ellipsis);
  append_blanks(out, line.before);
  out += colour;
  out += '^';
  out.append(std::max<std::size_t>(code_points(line.marked), 1) - 1, '~');
  if (!colour.empty()) out += plain;
  out += '\n';
}

/// Edit distance with transpositions of neighbours (Damerau 1964; optimal string alignment), never more than `limit`
/// + 1.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], limit + 1);
}

/// How many edits a word of this length may be away and still be meant: a third of it, three at the most.
std::size_t edits_allowed(std::size_t length) { return std::clamp<std::size_t>((length + 1) / 3, 1, 3); }

}  // namespace

bool has_errors(const std::vector<diagnostic>& findings) {
  return std::ranges::any_of(findings, [](const diagnostic& f) { return f.level == diagnostic_level::error; });
}

std::string render(const diagnostic& finding, const std::vector<source_file>& files, bool colour) {
  static const source_file unknown;
  const source_file& file = finding.where.file < files.size() ? files[finding.where.file] : unknown;
  const marked_line line = find_line(file.text, finding.where);
  const bool is_error = finding.level == diagnostic_level::error;
  const std::string_view tone = is_error ? red : yellow;
  const auto paint = [colour](std::string_view code) { return colour ? code : std::string_view(); };

  std::string out;
  out += paint(bold);
  out += file.path + ':' + std::to_string(line.number) + ':' + std::to_string(line.column) + ": ";
  out += paint(tone);
  out += is_error ? "error: " : "warning: ";
  out += paint(plain);
  out += paint(bold);
  out += finding.message;
  out += paint(plain);
  out += '\n';
  append_excerpt(out, line, paint(tone));
  if (!finding.hint.empty()) {
    out += "    ";
    out += paint(green);
    out += "hint: ";
    out += paint(plain);
    out += finding.hint + '\n';
  }
  return out;
}

std::string_view nearest(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest = 64;  // a name beyond it is not a slip of the hand
  if (name.size() > longest) return {};
  std::size_t best = edits_allowed(name.size()) + 1;
  std::string_view meant;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate, best - 1);
    if (distance >= best || distance >= std::max(name.size(), candidate.size())) continue;
    best = distance;
    meant = candidate;
  }
  return meant;
}

}  // namespace weir::rules
