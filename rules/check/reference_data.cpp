#include "rules/check/declared.hpp"
#include "rules/content_hash.hpp"
#include "rules/model/xgboost.hpp"
#include "rules/reference_files.hpp"

namespace weir::rules {
namespace {

using stream::type_kind;

bool can_be_key(const stream::field_type& type) {
  return type.kind == type_kind::text || type.kind == type_kind::entity || type.kind == type_kind::integer;
}

bool can_be_listed(const stream::field_type& type) { return can_be_key(type) || type.kind == type_kind::ip; }

// The file beside the rule file, its path and hash noted; nothing, and a finding, when it can't be read.
std::optional<std::string> text_of(const ast::text_literal& path, std::uint32_t file, const file_reader& read,
                                   workplace& work, reference_file& into) {
  into.path = path_beside(work.files[file].path, path.value);
  auto text = read(into.path);
  if (!text) {
    work.found.error(span_of(file, path), "can't read " + into.path + ": " + text.error());
    return std::nullopt;
  }
  into.content_hash = content_hash(*text);
  return *std::move(text);
}

template <class Values>
void note_wrong_file(const std::expected<Values, std::string>& values, const reference_file& source,
                     const ast::text_literal& path, std::uint32_t file, workplace& work) {
  if (!values) work.found.error(span_of(file, path), source.path + ", " + values.error());
}

class table_columns {
 public:
  table_columns(declared_table& into, std::uint32_t file, workplace& work) : into_(into), file_(file), work_(work) {}

  void add(const ast::field_group& group) {
    const auto type = resolve_type(group.type, file_, work_);
    for (const auto& name : group.names) {
      if (!seen_.insert(name.name).second) {
        work_.found.error(span_of(file_, name), "there is a column " + quoted(name.name) + " already");
      } else if (type) {
        into_.columns.push_back({.name = name.name, .type = *type, .optional = group.optional});
      } else {
        into_.in_error.insert(name.name);
      }
    }
  }

 private:
  declared_table& into_;
  std::uint32_t file_;
  workplace& work_;
  std::set<std::string> seen_;
};

}  // namespace

void declare_list(const ast::list_declaration& tree, std::uint32_t file, const file_reader& read, workplace& work) {
  declared_list entry{.where = span_of(file, tree.name), .index = static_cast<std::uint16_t>(work.names.lists.size())};
  list_source source{.file = {.name = tree.name.name, .path = {}, .content_hash = {}}, .type = {}, .type_name = {}};
  source.type_name = entry.type_name = tree.type.name.name;
  auto& values = work.names.data.lists.emplace_back();
  if (const auto type = resolve_type(tree.type, file, work)) {
    source.type = *type;
    values.type = entry.type = cep::type_of(*type);
    if (!can_be_listed(*type)) {
      work.found.error(span_of(file, tree.type), "a list of this type is not in this version",
                       "a list holds texts, entities, ints or ips");
    } else if (const auto text = text_of(tree.path, file, read, work, source.file)) {
      auto found = read_list(*text, source);
      note_wrong_file(found, source.file, tree.path, file, work);
      if (found) values = *std::move(found);
    }
  } else {
    entry.state = checked::in_error;
  }
  work.names.list_sources.push_back(std::move(source));
  work.names.lists.emplace(tree.name.name, std::move(entry));
}

void declare_table(const ast::table_declaration& tree, std::uint32_t file, const file_reader& read, workplace& work) {
  declared_table entry{.where = span_of(file, tree.name),
                       .index = static_cast<std::uint16_t>(work.names.tables.size())};
  table_columns columns(entry, file, work);
  for (const auto& group : tree.columns) columns.add(group);
  if (tree.columns.empty()) {
    work.found.error(span_of(file, tree.name), "the table " + quoted(tree.name.name) + " has no columns",
                     "name those that rules read; for its keys alone declare a list");
  }
  table_source source{.file = {.name = tree.name.name, .path = {}, .content_hash = {}},
                      .key = {},
                      .key_name = tree.key.name.name,
                      .columns = entry.columns};
  auto& values = work.names.data.tables.emplace_back();
  const auto key = resolve_type(tree.key, file, work);
  if (key) {
    source.key = *key;
    entry.key = cep::type_of(*key);
  } else {
    entry.state = checked::in_error;
  }
  if (key && !can_be_key(*key)) {
    work.found.error(span_of(file, tree.key), "a table's key is a text, an entity or an int");
    entry.state = checked::in_error;
  } else if (key && entry.in_error.empty()) {
    if (const auto text = text_of(tree.path, file, read, work, source.file)) {
      auto found = read_table(*text, source, work.names.schema);
      note_wrong_file(found, source.file, tree.path, file, work);
      if (found) values = *std::move(found);
    }
  }
  work.names.table_sources.push_back(std::move(source));
  work.names.tables.emplace(tree.name.name, std::move(entry));
}

void declare_model(const ast::model_declaration& tree, std::uint32_t file, const file_reader& read, workplace& work) {
  declared_model entry{.where = span_of(file, tree.name),
                       .index = static_cast<std::uint16_t>(work.names.models.size())};
  model_source source{.file = {.name = tree.name.name, .path = {}, .content_hash = {}}, .kind = tree.kind.name};
  work.names.data.models.emplace_back();
  if (source.kind != "xgboost") {
    work.found.error(span_of(file, tree.kind), "there is no kind of model " + quoted(source.kind),
                     "models are trained with xgboost, and saved as JSON");
    entry.state = checked::in_error;
  } else if (const auto text = text_of(tree.path, file, read, work, source.file); !text) {
    entry.state = checked::in_error;
  } else if (auto model = read_xgboost(*text); !model) {
    work.found.error(span_of(file, tree.path), "can't read " + source.file.path + ": " + model.error());
    entry.state = checked::in_error;
  } else {
    work.names.data.models.back() = std::move(model->predict);
    entry.features = model->features;
  }
  work.names.model_sources.push_back(std::move(source));
  work.names.models.emplace(tree.name.name, entry);
}

}  // namespace weir::rules
