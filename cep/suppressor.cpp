#include "cep/suppressor.hpp"

namespace weir::cep {

namespace {

// The bytes that tell two values of one type apart; an exact number's digits are fixed by the type.
void append_key(std::string& key, const value& v, const value_type& type, const stream::symbols& names) {
  key += v.present ? '+' : '-';
  if (!v.present) return;
  const auto append = [&key](const auto& bytes) { key.append(reinterpret_cast<const char*>(&bytes), sizeof bytes); };
  const auto append_sized = [&](std::string_view text) {
    append(text.size());
    key += text;
  };
  switch (type.kind) {
    case value_kind::boolean: append(v.boolean); return;
    case value_kind::exact: append(v.exact); return;
    case value_kind::real: append(v.real + 0.0); return;  // -0.0 and 0.0 are equal
    case value_kind::text: append_sized(names.texts()[v.id]); return;
    case value_kind::entity: append_sized(names.entities(type.entity)[v.id]); return;
    case value_kind::ip: append(v.ip); return;
  }
}

}  // namespace

suppressor::suppressor(const pattern& p, std::uint32_t index, const planning& with)
    : names_(&with.names), silences_(with.suppressed[index].get()) {
  for (const stream::field_type& subject : p.subjects) subjects_.push_back(type_of(subject));
  for (const expression& key : p.suppress->by) {
    by_.emplace_back(key, with.names, with.lookups);
    types_.push_back(key.type);
  }
}

bool suppressor::holds_back(stream::timestamp at, const bindings& from, std::uint64_t& kept_before) {
  return silences_->hold_back(key_of(from), at, kept_before);
}

const std::string& suppressor::key_of(const bindings& from) {
  key_.clear();
  if (by_.empty()) {
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      append_key(key_, value::of(from.subject[i]), subjects_[i], *names_);
    }
  }
  for (std::size_t i = 0; i < by_.size(); ++i) append_key(key_, by_[i](from), types_[i], *names_);
  return key_;
}

}  // namespace weir::cep
