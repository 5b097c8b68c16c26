#include "rules/sigma/document.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace weir::sigma {

namespace {

/// Reads one document; what is wrong with it is thrown.
class reader {
 public:
  explicit reader(std::uint32_t file) : file_(file) {}

  head read_head(const YAML::Node& from) const;
  document read(const YAML::Node& from) const;
  place at(const YAML::Node& node) const {
    return {.file = file_, .line = static_cast<std::uint32_t>(node.Mark().line + 1)};
  }

 private:
  [[noreturn]] void fail(const YAML::Node& where, const std::string& why) const { throw cannot_say(at(where), why); }

  std::string text(const YAML::Node& from, const char* key) const;
  std::vector<std::string> texts(const YAML::Node& from, const char* key) const;
  value read_value(const YAML::Node& node) const;
  std::vector<value> read_values(const YAML::Node& node) const;
  rule read_rule(const YAML::Node& from) const;
  logsource read_logsource(const YAML::Node& from) const;
  search read_search(const YAML::Node& node) const;
  std::vector<item> read_map(const YAML::Node& node) const;
  item read_item(const YAML::Node& key, const YAML::Node& values) const;
  void read_conditions(const YAML::Node& node, rule& into) const;
  correlation read_correlation(const YAML::Node& from) const;
  correlation_type read_type(const YAML::Node& node) const;
  void read_limits(const YAML::Node& node, correlation& into) const;

  std::uint32_t file_;
};

bool is_number(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool digits = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  return error == std::errc{} && stop == end && digits;
}

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
  return std::ranges::find(words, text) != words.end();
}

value_kind kind_of_plain(const std::string& text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return value_kind::null;
  if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) return value_kind::boolean;
  return is_number(text) ? value_kind::number : value_kind::text;
}

std::string reader::text(const YAML::Node& from, const char* key) const {
  const YAML::Node found = from[key];
  if (!found || found.IsNull()) return {};
  if (!found.IsScalar()) fail(found, std::string{"`"} + key + "` must be a text");
  return found.Scalar();
}

std::vector<std::string> reader::texts(const YAML::Node& from, const char* key) const {
  const YAML::Node found = from[key];
  std::vector<std::string> all;
  if (!found || found.IsNull()) return all;
  if (found.IsScalar()) return {found.Scalar()};
  if (!found.IsSequence()) fail(found, std::string{"`"} + key + "` must be a list of texts");
  for (const YAML::Node& one : found) {
    if (!one.IsScalar()) fail(one, std::string{"`"} + key + "` must be a list of texts");
    all.push_back(one.Scalar());
  }
  return all;
}

head reader::read_head(const YAML::Node& from) const {
  head read;
  read.where = at(from);
  read.title = text(from, "title");
  read.id = text(from, "id");
  read.name = text(from, "name");
  read.description = text(from, "description");
  read.level = text(from, "level");
  read.tags = texts(from, "tags");
  read.false_positives = texts(from, "falsepositives");
  return read;
}

document reader::read(const YAML::Node& from) const {
  if (!from.IsMap()) fail(from, "a Sigma rule is a map of keys such as title, logsource and detection");
  if (from["correlation"]) return read_correlation(from);
  if (from["filter"]) fail(from["filter"], "filters are not read: put what they leave out into the rules themselves");
  if (from["action"]) fail(from["action"], "collections with `action` are not read: write each rule in full");
  if (!from["detection"]) fail(from, "there is no `detection`, and no `correlation`");
  return read_rule(from);
}

// ---- rules

value reader::read_value(const YAML::Node& node) const {
  if (node.IsNull()) return {.kind = value_kind::null, .text = {}, .where = at(node)};
  if (!node.IsScalar()) fail(node, "a text, a number, true, false or null is expected here");
  const bool quoted = node.Tag() == "!";
  const std::string& text = node.Scalar();
  return {.kind = quoted ? value_kind::text : kind_of_plain(text), .text = text, .where = at(node)};
}

std::vector<value> reader::read_values(const YAML::Node& node) const {
  if (!node.IsSequence()) return {read_value(node)};
  std::vector<value> all;
  for (const YAML::Node& one : node) all.push_back(read_value(one));
  if (all.empty()) fail(node, "an empty list");
  return all;
}

rule reader::read_rule(const YAML::Node& from) const {
  rule read;
  read.head = read_head(from);
  read.source = read_logsource(from);
  const YAML::Node detection = from["detection"];
  if (!detection.IsMap()) fail(detection, "`detection` must be a map of search identifiers, and a condition");
  for (const auto& part : detection) {
    const std::string name = part.first.Scalar();
    if (name == "condition") {
      read_conditions(part.second, read);
    } else if (name == "timeframe") {
      fail(part.first, "`timeframe` belonged to conditions with `|`: write a correlation");
    } else {
      read.searches.emplace(name, read_search(part.second));
    }
  }
  if (read.conditions.empty()) fail(detection, "there is no `condition`");
  return read;
}

logsource reader::read_logsource(const YAML::Node& from) const {
  const YAML::Node source = from["logsource"];
  if (!source || !source.IsMap()) fail(from, "there is no `logsource`");
  logsource read{
      .category = text(source, "category"), .product = text(source, "product"), .service = text(source, "service")};
  if (read == logsource{}) fail(source, "`logsource` names no category, product or service");
  return read;
}

search reader::read_search(const YAML::Node& node) const {
  search read;
  read.where = at(node);
  if (node.IsMap()) {
    read.maps.push_back(read_map(node));
    return read;
  }
  const bool of_maps = node.IsSequence() && node.size() > 0 && node[0].IsMap();
  if (!of_maps) {
    read.maps.push_back({item{.field = {}, .modifiers = {}, .values = read_values(node), .where = at(node)}});
    return read;
  }
  for (const YAML::Node& one : node) {
    if (!one.IsMap()) fail(one, "a list has either maps or keywords");
    read.maps.push_back(read_map(one));
  }
  return read;
}

std::vector<item> reader::read_map(const YAML::Node& node) const {
  std::vector<item> items;
  for (const auto& part : node) items.push_back(read_item(part.first, part.second));
  if (items.empty()) fail(node, "an empty map");
  return items;
}

item reader::read_item(const YAML::Node& key, const YAML::Node& values) const {
  item read;
  read.where = at(key);
  std::string rest = key.Scalar();
  std::vector<std::string> parts;
  for (std::size_t bar = rest.find('|'); bar != std::string::npos; bar = rest.find('|')) {
    parts.push_back(rest.substr(0, bar));
    rest.erase(0, bar + 1);
  }
  parts.push_back(rest);
  read.field = parts.front();
  read.modifiers.assign(parts.begin() + 1, parts.end());
  read.values = read_values(values);
  return read;
}

void reader::read_conditions(const YAML::Node& node, rule& into) const {
  for (const value& one : read_values(node)) into.conditions.push_back({.text = one.text, .where = one.where});
}

// ---- correlations

correlation_type reader::read_type(const YAML::Node& node) const {
  static constexpr std::array<std::pair<std::string_view, correlation_type>, 6> types{{
      {"event_count", correlation_type::event_count},
      {"value_count", correlation_type::value_count},
      {"value_sum", correlation_type::value_sum},
      {"value_avg", correlation_type::value_avg},
      {"temporal", correlation_type::temporal},
      {"temporal_ordered", correlation_type::temporal_ordered},
  }};
  const std::string written = text(node, "type");
  const auto found = std::ranges::find(types, written, &std::pair<std::string_view, correlation_type>::first);
  if (found == types.end()) fail(node, "correlations of the type `" + written + "` are not read");
  return found->second;
}

correlation reader::read_correlation(const YAML::Node& from) const {
  const YAML::Node node = from["correlation"];
  if (!node.IsMap()) fail(node, "`correlation` must be a map");
  correlation read;
  read.head = read_head(from);
  read.head.where = at(from);
  read.type = read_type(node);
  if (!node["rules"]) fail(node, "the correlation names no `rules`");
  read.rules = read_values(node["rules"]);
  if (node["group-by"]) read.group_by = read_values(node["group-by"]);
  read.timespan = text(node, "timespan");
  read.generate = is_one_of(text(node, "generate"), {"true", "True", "TRUE"});
  if (node["condition"]) read_limits(node["condition"], read);
  if (const YAML::Node aliases = node["aliases"]) {
    for (const auto& alias : aliases) {
      for (const auto& field : alias.second)
        read.aliases[alias.first.Scalar()][field.first.Scalar()] = field.second.Scalar();
    }
  }
  return read;
}

void reader::read_limits(const YAML::Node& node, correlation& into) const {
  if (!node.IsMap()) fail(node, "the condition of a correlation is a map such as `gte: 10`");
  for (const auto& part : node) {
    const std::string key = part.first.Scalar();
    if (key == "field") {
      into.field = read_value(part.second);
    } else {
      into.limits.push_back({.comparison = key, .number = read_value(part.second)});
    }
  }
}

}  // namespace

std::vector<document> read_documents(const std::string& text, std::uint32_t file, std::vector<finding>& findings) {
  std::vector<document> documents;
  const reader read(file);
  std::vector<YAML::Node> nodes;
  try {
    nodes = YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    const auto line = static_cast<std::uint32_t>(std::max(error.mark.line, 0) + 1);
    findings.push_back({.where = {.file = file, .line = line}, .title = {}, .message = "not YAML: " + error.msg});
    return documents;
  }
  for (const YAML::Node& node : nodes) {
    if (node.IsNull()) continue;
    try {
      documents.push_back(read.read(node));
    } catch (const cannot_say& why) {
      const bool titled = node.IsMap() && node["title"] && node["title"].IsScalar();
      findings.push_back(
          {.where = why.where(), .title = titled ? node["title"].Scalar() : std::string{}, .message = why.what()});
    } catch (const YAML::Exception& error) {
      findings.push_back({.where = read.at(node), .title = {}, .message = error.msg});
    }
  }
  return documents;
}

}  // namespace weir::sigma
