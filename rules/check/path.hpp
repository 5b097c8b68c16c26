#pragma once

#include "rules/check/subject.hpp"
#include "rules/check/written_body.hpp"

namespace weir::rules {

/// A path's edges and vertices: which fields of its events are their ends, and so which equalities join them.
class path_meaning {
 public:
  /// Finds the ends of every edge, and the type of every vertex. The body's events are the path's edges.
  path_meaning(const ast::path& tree, const written_body& body, std::uint32_t file, workplace& work);

  /// The type of the vertex of this name, if there is one and its type is known.
  std::optional<stream::field_type> type_of(std::string_view vertex) const;

  /// Tells the path what the rule is about. A subject that is no vertex, or one of another type, is an error, and so
  /// are several that no edge touches together: no event would belong to them.
  void set_subjects(const std::vector<ast::subject>& written, const std::vector<rule_subject>& subjects);

  /// Makes the vertices readable: in the condition of edge `index`, and where the match ends.
  void name_vertices(scope& where, const written_body& body, std::size_t index) const;
  void name_vertices(scope& at_end) const;

  /// The edge's events with the keys by which they belong to the subjects (none: it is free), and with the equalities
  /// that join it to earlier edges. Nothing when its ends are not known, which has been reported.
  std::optional<cep::event_filter> joined(std::size_t index, cep::event_filter events) const;

  /// The equalities that join edges in any order, and can be judged only when all are there.
  cep::expression condition_of_all() const;

  bool any_order() const { return any_order_; }

  /// Its vertices, by the names and at the places where they first stand.
  std::vector<ast::identifier> vertices() const;

 private:
  struct end {
    std::size_t edge = 0;
    stream::field_id field{};
  };
  struct vertex {
    std::string name;
    ast::located place;
    std::optional<stream::field_type> type{};
    std::vector<end> ends{};
    std::optional<std::size_t> subject{};
    bool in_error = false;  // one of its edges is
  };
  struct edge {
    bool known = false;
    std::size_t from = 0;  // vertices
    std::size_t to = 0;
    stream::field_id from_field{};
    stream::field_id to_field{};
  };

  std::size_t vertex_called(const ast::identifier& name);
  void find_ends(edge& of, std::size_t index, const ast::edge& tree, const written_body& body);
  void add_end(std::size_t vertex, end added, const ast::identifier& name, const written_body& body);
  void check_subjects_meet(const std::vector<ast::subject>& written) const;
  std::optional<stream::field_id> key_of(const edge& touched, std::size_t subject) const;
  cep::expression joining(const vertex& v, end here) const;
  cep::expression reading(cep::operation op, end what) const;
  const vertex* find(std::string_view name) const;
  void error(const ast::located& place, std::string message, std::string hint = {}) const;

  std::uint32_t file_;
  workplace& work_;
  bool any_order_;
  std::vector<vertex> vertices_;
  std::vector<edge> edges_;
  std::vector<stream::event_type_id> types_;  // of the edges that are known
  std::size_t subjects_ = 0;
};

/// Puts each part of a path's `where` on the last edge that it reads; what reads edges in any order is left for the
/// match's condition, and returned.
cep::expression spread_over_edges(const cep::expression& where, const path_meaning& path,
                                  std::vector<std::variant<cep::step_group, cep::absence>>& parts);

}  // namespace weir::rules
