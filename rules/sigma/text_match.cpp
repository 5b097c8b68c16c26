#include "rules/sigma/text_match.hpp"

#include "cep/text_function.hpp"
#include "rules/sigma/term.hpp"

namespace weir::sigma {

namespace {

using wildcard = text_pattern::wildcard;

/// A call of one of the functions of two texts.
std::string call(std::string_view function, const std::string& operand, std::string_view literal) {
  return std::string{function} + "(" + operand + ", " + quoted(literal) + ")";
}

/// The pattern as RE2 reads it: the text as a whole, line ends being characters like others.
std::string regular_expression(const text_pattern& pattern) {
  std::string out = "(?s)^";
  for (const text_pattern::piece& piece : pattern.pieces) {
    if (piece.stands_for == wildcard::any) out += ".*";
    if (piece.stands_for == wildcard::one) out += '.';
    if (piece.stands_for == wildcard::dash) out += "[-/\u2013\u2014\u2015]";
    for (const char c : piece.text) {
      if (std::string_view{"\\.+*?()|[]{}^$"}.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out + "$";
}

text_pattern in_small_letters(text_pattern pattern) {
  for (text_pattern::piece& piece : pattern.pieces) piece.text = cep::lower(piece.text);
  return pattern;
}

std::string fits_as_written(const std::string& operand, const text_pattern& pattern) {
  const auto& pieces = pattern.pieces;
  const auto is = [&](std::size_t i, wildcard w) { return pieces[i].stands_for == w; };
  switch (pieces.size()) {
    case 0: return operand + " = \"\"";
    case 1:
      if (is(0, wildcard::none)) return operand + " = " + quoted(pieces[0].text);
      break;
    case 2:
      if (is(0, wildcard::none) && is(1, wildcard::any)) return call("starts_with", operand, pieces[0].text);
      if (is(0, wildcard::any) && is(1, wildcard::none)) return call("ends_with", operand, pieces[1].text);
      break;
    case 3:
      if (is(0, wildcard::any) && is(1, wildcard::none) && is(2, wildcard::any)) {
        return call("contains", operand, pieces[1].text);
      }
      break;
    default: break;
  }
  return call("matches", operand, regular_expression(pattern));
}

}  // namespace

void text_pattern::append(std::string_view literal) {
  if (literal.empty()) return;
  if (pieces.empty() || pieces.back().stands_for != wildcard::none) pieces.push_back({});
  pieces.back().text += literal;
}

void text_pattern::append(wildcard w) {
  const bool again = !pieces.empty() && pieces.back().stands_for == w && w == wildcard::any;
  if (!again) pieces.push_back({.stands_for = w, .text = {}});
}

text_pattern read_pattern(std::string_view written) {
  text_pattern pattern;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const char c = written[i];
    const char behind = i + 1 < written.size() ? written[i + 1] : '\0';
    if (c == '*') {
      pattern.append(wildcard::any);
    } else if (c == '?') {
      pattern.append(wildcard::one);
    } else if (c == '\\' && (behind == '*' || behind == '?' || behind == '\\')) {
      pattern.append(written.substr(++i, 1));
    } else {
      pattern.append(written.substr(i, 1));
    }
  }
  return pattern;
}

std::string fits_text(const std::string& operand, const text_pattern& pattern, bool cased) {
  const bool anything = pattern.pieces.size() == 1 && pattern.pieces[0].stands_for == wildcard::any;
  if (anything) return operand + " is not missing";
  if (cased) return fits_as_written(operand, pattern);
  return fits_as_written("lower(" + operand + ")", in_small_letters(pattern));
}

}  // namespace weir::sigma
