#include "rules/sigma/detection.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "cep/text_function.hpp"
#include "rules/sigma/condition.hpp"
#include "rules/sigma/modifiers.hpp"
#include "rules/sigma/text_match.hpp"
#include "stream/table.hpp"

namespace weir::sigma {

namespace {

bool is_plain_address(const value& v) { return v.kind == value_kind::text && stream::parse_ip(v.text).has_value(); }

bool is_whole(const value& v) { return v.text.find_first_of(".eE") == std::string::npos; }

// ---- uses

field_use use_of(const value& v, const modifiers& m) {
  switch (m.how) {
    case comparison::subnet: return field_use::address;
    case comparison::less:
    case comparison::less_equal:
    case comparison::greater:
    case comparison::greater_equal: return is_whole(v) ? field_use::whole_number : field_use::number;
    case comparison::expression: return field_use::text;
    case comparison::text: break;
  }
  const bool open = m.exists || v.kind != value_kind::text || (is_plain_address(v) && m.part == text_part::whole);
  return open ? field_use::any : field_use::text;
}

void note_keywords(event_plan& event, event_plans& plans) {
  if (event.choice == nullptr) return;
  for (const std::string& name : event.choice->keywords) plans.note(event, name, field_use::text);
}

void note_uses(const item& from, event_plan& event, event_plans& plans) {
  if (from.field.empty()) return note_keywords(event, plans);
  try {
    const modifiers m = read_modifiers(from);
    for (const value& v : from.values) plans.note(event, from.field, use_of(v, m));
  } catch (const cannot_say&) {
    plans.note(event, from.field, field_use::any);
  }
}

// ---- terms

/// Writes the items of one rule.
class detection_writer {
 public:
  detection_writer(const rule& from, event_plans& plans, const std::string& prefix, std::vector<field_plan*>& read)
      : from_(from), plans_(plans), event_(plans.of(from.source)), prefix_(prefix), read_(read) {}

  term whole() {
    std::vector<term> conditions;
    for (const condition_text& written : from_.conditions) conditions.push_back(of(parse_condition(written), written));
    return any_of(std::move(conditions));
  }

 private:
  term of(const condition& c, const condition_text& written);
  term of(const search& s);
  term of(const item& i);
  term keywords(const item& i);
  term of_value(const field_plan& field, const value& v, const modifiers& m, const item& i);
  term of_text(const field_plan& field, const value& v, const modifiers& m);
  term of_number(const field_plan& field, const value& v, const modifiers& m);
  term of_address(const field_plan& field, const value& v, const modifiers& m);
  term of_expression(const field_plan& field, const value& v, const modifiers& m);
  term of_other_field(const field_plan& field, const value& v, const modifiers& m);
  text_pattern dashes_of(const value& v, text_part part) const;

  const field_plan& read(const std::string& sigma_name) {
    field_plan& field = plans_.field(event_, sigma_name);
    read_.push_back(&field);
    return field;
  }
  std::string operand(const field_plan& field) const { return prefix_ + field.name; }

  const rule& from_;
  event_plans& plans_;
  event_plan& event_;
  const std::string& prefix_;
  std::vector<field_plan*>& read_;
};

[[noreturn]] void refuse(const value& v, const std::string& why) { throw cannot_say(v.where, why); }

bool holds_text(const field_plan& field) { return field.kind == field_kind::text || field.kind == field_kind::entity; }

std::string shown(const field_plan& field) { return "`" + field.name + "` is " + bare_type(field.type); }

text_pattern pattern_of(const std::string& text, text_part part) {
  using wildcard = text_pattern::wildcard;
  text_pattern pattern;
  if (part == text_part::inside || part == text_part::ending) pattern.append(wildcard::any);
  for (const text_pattern::piece& piece : read_pattern(text).pieces) {
    if (piece.stands_for == wildcard::none) {
      pattern.append(piece.text);
    } else {
      pattern.append(piece.stands_for);
    }
  }
  if (part == text_part::inside || part == text_part::beginning) pattern.append(wildcard::any);
  return pattern;
}

term detection_writer::of(const condition& c, const condition_text& written) {
  std::vector<term> parts;
  const bool by_pattern = c.kind == condition_kind::one_of || c.kind == condition_kind::all_of;
  if (c.kind == condition_kind::search) {
    const auto found = from_.searches.find(c.name);
    if (found == from_.searches.end()) {
      throw cannot_say(written.where, "the condition names `" + c.name + "`, which is no search of this rule");
    }
    return of(found->second);
  }
  if (by_pattern) {
    for (const search* one : find_searches(from_, c.name)) parts.push_back(of(*one));
    if (parts.empty()) throw cannot_say(written.where, "no search is called `" + c.name + "`");
    return c.kind == condition_kind::one_of ? any_of(std::move(parts)) : all_of(std::move(parts));
  }
  for (const condition& part : c.parts) parts.push_back(of(part, written));
  if (c.kind == condition_kind::negation) return negation(std::move(parts.front()));
  return c.kind == condition_kind::conjunction ? all_of(std::move(parts)) : any_of(std::move(parts));
}

term detection_writer::of(const search& s) {
  std::vector<term> maps;
  for (const std::vector<item>& map : s.maps) {
    std::vector<term> items;
    for (const item& one : map) items.push_back(of(one));
    maps.push_back(all_of(std::move(items)));
  }
  return any_of(std::move(maps));
}

term detection_writer::of(const item& i) {
  if (i.field.empty()) return keywords(i);
  const modifiers m = read_modifiers(i);
  const field_plan& field = read(i.field);
  std::vector<term> values;
  for (const value& v : i.values) values.push_back(of_value(field, v, m, i));
  return m.all ? all_of(std::move(values)) : any_of(std::move(values));
}

term detection_writer::keywords(const item& i) {
  const bool all = i.modifiers == std::vector<std::string>{"all"};
  if (!all && !i.modifiers.empty()) throw cannot_say(i.where, "keywords with modifiers other than `all`");
  if (event_.choice == nullptr || event_.choice->keywords.empty()) {
    throw cannot_say(i.where,
                     "keywords are looked for in the whole record: name the fields that hold it in the map (keywords)");
  }
  std::vector<term> values;
  for (const value& v : i.values) {
    std::vector<term> fields;
    for (const std::string& name : event_.choice->keywords) {
      fields.push_back(of_text(read(name), v, {.part = text_part::inside}));
    }
    values.push_back(any_of(std::move(fields)));
  }
  return all ? all_of(std::move(values)) : any_of(std::move(values));
}

term detection_writer::of_value(const field_plan& field, const value& v, const modifiers& m, const item& i) {
  if (m.exists) {
    if (v.kind != value_kind::boolean) refuse(v, "`exists` is true or false");
    const bool there = v.text.starts_with('t') || v.text.starts_with('T');
    return leaf(operand(field) + (there ? " is not missing" : " is missing"));
  }
  if (v.kind == value_kind::null) {
    if (!i.modifiers.empty()) refuse(v, "null with modifiers");
    return leaf(operand(field) + " is missing");
  }
  if (m.other_field) return of_other_field(field, v, m);
  switch (m.how) {
    case comparison::text: break;
    case comparison::expression: return of_expression(field, v, m);
    case comparison::subnet: return of_address(field, v, m);
    default: return of_number(field, v, m);
  }
  switch (field.kind) {
    case field_kind::text:
    case field_kind::entity: return of_text(field, v, m);
    case field_kind::number: return of_number(field, v, m);
    case field_kind::address: return of_address(field, v, m);
    case field_kind::truth: break;
    case field_kind::other: refuse(v, shown(field) + " and is not compared with texts");
  }
  const bool truth = v.kind == value_kind::boolean && m.part == text_part::whole && !m.any_dash;
  if (!truth) refuse(v, shown(field) + ", which this is not");
  return leaf(operand(field) + " = " + cep::lower(v.text));
}

term detection_writer::of_text(const field_plan& field, const value& v, const modifiers& m) {
  if (!holds_text(field)) refuse(v, shown(field) + " and is not compared with texts");
  if (v.kind == value_kind::null) refuse(v, "null is no text to look for");
  const text_pattern pattern = m.any_dash ? dashes_of(v, m.part) : pattern_of(v.text, m.part);
  return leaf(fits_text(operand(field), pattern, m.cased));
}

std::string_view sign_of(comparison how) {
  switch (how) {
    case comparison::less: return " < ";
    case comparison::less_equal: return " <= ";
    case comparison::greater: return " > ";
    case comparison::greater_equal: return " >= ";
    default: return " = ";
  }
}

/// A number as the language spells it; Sigma's may have an exponent.
bool is_plain_number(const std::string& text) {
  const std::string_view digits = std::string_view{text}.substr(text.starts_with('-') ? 1 : 0);
  const bool spelled = digits.find_first_not_of("0123456789.") == std::string_view::npos;
  return spelled && std::ranges::count(digits, '.') <= 1 && !digits.empty() && digits.front() != '.' &&
         digits.back() != '.';
}

term detection_writer::of_number(const field_plan& field, const value& v, const modifiers& m) {
  if (field.kind != field_kind::number) {
    refuse(v, shown(field) + ", and is compared with a number here: say its type in the map");
  }
  if (m.part != text_part::whole || m.any_dash || m.cased) refuse(v, shown(field) + " and has no parts to compare");
  if (!is_plain_number(v.text)) refuse(v, shown(field) + ", which `" + v.text + "` is not");
  return leaf(operand(field) + std::string{sign_of(m.how)} + v.text);
}

term detection_writer::of_address(const field_plan& field, const value& v, const modifiers& m) {
  if (field.kind != field_kind::address) {
    refuse(v, shown(field) + ", and is compared with addresses here: say its type in the map");
  }
  if (m.part != text_part::whole || m.any_dash || m.cased) refuse(v, shown(field) + " and has no parts to compare");
  const std::size_t slash = v.text.find('/');
  const std::string address = v.text.substr(0, slash);
  if (!stream::parse_ip(address)) refuse(v, "`" + v.text + "` is no address");
  const std::string all_bits = address.find(':') == std::string::npos ? "/32" : "/128";
  const std::string block = slash == std::string::npos ? address + all_bits : v.text;
  return leaf(operand(field) + " in " + quoted(block));
}

term detection_writer::of_expression(const field_plan& field, const value& v, const modifiers& m) {
  if (!holds_text(field)) refuse(v, shown(field) + " and is not compared with texts");
  const std::string flags = m.expression_flags.empty() ? "" : "(?" + m.expression_flags + ")";
  const std::string pattern = flags + v.text;
  if (const std::string why = cep::why_not_a_pattern(pattern); !why.empty()) {
    refuse(v, "the regular expression cannot be read by RE2: " + why);
  }
  return leaf("matches(" + operand(field) + ", " + quoted(pattern) + ")");
}

term detection_writer::of_other_field(const field_plan& field, const value& v, const modifiers& m) {
  const field_plan& other = read(v.text);
  if (!holds_text(field) || !holds_text(other))
    refuse(v, "fields are compared with each other only where both are texts");
  const auto side = [&](const field_plan& f) { return m.cased ? operand(f) : "lower(" + operand(f) + ")"; };
  const std::string both = side(field) + ", " + side(other) + ")";
  switch (m.part) {
    case text_part::whole: return leaf(side(field) + " = " + side(other));
    case text_part::inside: return leaf("contains(" + both);
    case text_part::beginning: return leaf("starts_with(" + both);
    case text_part::ending: return leaf("ends_with(" + both);
  }
  std::unreachable();
}

/// Dashes and slashes that begin an option stand for each other. Of others, readers of Sigma are not of one mind.
text_pattern detection_writer::dashes_of(const value& v, text_part part) const {
  static constexpr char mark = '\x01';
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  std::string text = v.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\u2013") || text.substr(i).starts_with("\u2014") ||
        text.substr(i).starts_with("\u2015")) {
      refuse(v, "`windash` of a text with long dashes is not clear");
    }
    if (text[i] != '-' && text[i] != '/') continue;
    const bool begins_option = (i == 0 || !is_word(text[i - 1])) && i + 1 < text.size() && is_word(text[i + 1]);
    if (!begins_option) refuse(v, "`windash` of a dash that does not begin an option is not clear");
    text[i] = mark;
  }
  text_pattern pattern;
  for (const text_pattern::piece& piece : pattern_of(text, part).pieces) {
    if (piece.stands_for != text_pattern::wildcard::none) pattern.append(piece.stands_for);
    for (const char c : piece.text) {
      if (c == mark) {
        pattern.append(text_pattern::wildcard::dash);
      } else {
        pattern.append(std::string_view{&c, 1});
      }
    }
  }
  return pattern;
}

}  // namespace

void note_uses(const rule& from, event_plans& plans) {
  event_plan& event = plans.of(from.source);
  for (const auto& [name, one] : from.searches) {
    for (const std::vector<item>& map : one.maps) {
      for (const item& i : map) note_uses(i, event, plans);
    }
  }
}

term detection_of(const rule& from, event_plans& plans, const std::string& prefix, std::vector<field_plan*>& read) {
  return detection_writer(from, plans, prefix, read).whole();
}

}  // namespace weir::sigma
