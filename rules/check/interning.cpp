#include "rules/check/interning.hpp"

#include "rules/check/pattern_walk.hpp"

namespace weir::rules {
namespace {

class marking {
 public:
  explicit marking(stream::schema& types) : types_(types) {}

  void expression(const cep::expression& e, stream::event_type_id event) {
    if (reads_field(e)) mark(event, e.field);
  }
  void aggregate(const cep::aggregate& a) {
    if (a.field) mark(a.events.type, *a.field);
  }
  void filter(const cep::event_filter& events) {
    for (const auto key : events.keys) mark(events.type, key);
  }

 private:
  void mark(stream::event_type_id event, stream::field_id field) {
    if (field == cep::at_field) return;
    auto& read = types_[event][field];
    if (read.type.kind == stream::type_kind::text) read.interned = true;
  }

  stream::schema& types_;
};

}  // namespace

void mark_interned(program& p) {
  for (std::size_t type = 0; type < p.schema.events().size(); ++type) {
    for (auto& field : p.schema[static_cast<stream::event_type_id>(type)].fields) {
      if (field.type.kind == stream::type_kind::entity) field.interned = true;
    }
  }
  marking visitor(p.schema);
  for (const auto& r : p.rules) walk_rule(r, visitor);
}

}  // namespace weir::rules
