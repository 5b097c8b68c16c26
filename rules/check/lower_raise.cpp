#include "rules/check/lower_raise.hpp"

#include <algorithm>

#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

class raise_lowering {
 public:
  raise_lowering(const ast::raise_clause& tree, const scope& at_end, workplace& work)
      : tree_(tree), at_end_(at_end), work_(work) {}

  std::optional<raised_event> lower() {
    const auto event = work_.names.events.find(tree_.event.name);
    if (event == work_.names.events.end()) {
      work_.found.unknown(span_of(at_end_.file, tree_.event), "there is no event " + quoted(tree_.event.name),
                          did_you_mean(tree_.event.name, names_of(work_.names.events)));
      for (const auto& field : tree_.fields) expression_lowering(at_end_, work_).lower(field.value);
      return std::nullopt;
    }
    in_error_ = &event->second.in_error;
    result_.type = event->second.id;
    for (const auto& field : tree_.fields) add(field);
    check_whole();
    return std::move(result_);
  }

 private:
  const stream::event_type& type() const { return work_.names.schema[result_.type]; }

  void add(const ast::raised_field& tree) {
    auto value = expression_lowering(at_end_, work_).lower(tree.value);
    if (!given_.insert(tree.name.name).second) return error(tree.name, quoted(tree.name.name) + " has a value already");
    if (tree.name.name == "at") {
      return error(tree.name, "the time of a raised event is that of its alert", "leave out `at`");
    }
    const auto id = type().find(tree.name.name);
    if (!id) return unknown_field(tree.name);
    if (!value) return;
    const auto wanted = cep::type_of(type()[*id].type);
    auto converted = literal_as(*std::move(value), wanted);
    if (!converted) return error(tree.value, converted.error().message, converted.error().hint);
    if (!same_sort(converted->type, wanted)) {
      return error(tree.value, quoted(type().name + "." + tree.name.name) + " is " + noun(wanted, work_.names.schema) +
                                   ", not " + noun(converted->type, work_.names.schema));
    }
    result_.fields.emplace_back(*id, *std::move(converted));
  }

  void unknown_field(const ast::identifier& name) {
    if (in_error_->contains(name.name)) return;
    std::vector<std::string> candidates;
    for (const auto& field : type().fields) candidates.push_back(field.name);
    error(name, quoted(type().name) + " has no field " + quoted(name.name), did_you_mean(name.name, candidates));
  }

  // What an event of the source has to bring, a raised one has to bring as well.
  void check_whole() {
    std::vector<std::string> lacking;
    for (std::size_t i = 0; i < type().fields.size(); ++i) {
      const auto& field = type().fields[i];
      if (given_.contains(field.name)) continue;
      if (field.name == "id" && field.type.kind == stream::type_kind::text) {
        result_.id = static_cast<stream::field_id>(i);
      } else if (!field.optional) {
        lacking.push_back(quoted(field.name));
      }
    }
    if (lacking.empty()) return;
    error(tree_.event, quoted(type().name) + " needs a value for " + listed(lacking),
          "give it one, or declare the field with a `?`");
  }

  void error(const ast::located& place, std::string message, std::string hint = {}) {
    work_.found.error(span_of(at_end_.file, place), std::move(message), std::move(hint));
  }

  const ast::raise_clause& tree_;
  const scope& at_end_;
  workplace& work_;
  const std::set<std::string>* in_error_ = nullptr;
  std::set<std::string> given_;
  raised_event result_;
};

}  // namespace

std::optional<raised_event> lower_raise(const ast::raise_clause& tree, const scope& at_end, workplace& work) {
  return raise_lowering(tree, at_end, work).lower();
}

}  // namespace weir::rules
