#include "stream/dstream/progress.hpp"

#include <ostream>
#include <utility>

#include <nlohmann/json.hpp>

namespace weir::stream {

namespace {

double ms(duration d) { return static_cast<double>(d.count()) / 1000; }

nlohmann::ordered_json json_of(const batch_progress::input& input) {
  nlohmann::ordered_json json{
      {"name", input.name}, {"rows", input.rows}, {"bytes", input.bytes}, {"set_aside", input.set_aside}};
  if (input.rows_a_second_max) json["rows_a_second_max"] = *input.rows_a_second_max;
  if (input.failures > 0) json.update({{"failures", input.failures}, {"last_failure", input.last_failure}});
  return json;
}

}  // namespace

std::uint64_t batch_progress::rows() const {
  std::uint64_t sum = 0;
  for (const auto& one : inputs) sum += one.rows;
  return sum;
}

std::function<void(const batch_progress&)> tell_failures(std::ostream& out) {
  return [&out, told = std::vector<std::uint64_t>{}](const batch_progress& progress) mutable {
    told.resize(progress.inputs.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
      const auto& source = progress.inputs[i];
      if (std::exchange(told[i], source.failures) == source.failures) continue;
      out << "source " << source.name << ": " << source.last_failure << std::endl;
    }
  };
}

std::string to_json(const batch_progress& progress) {
  nlohmann::ordered_json json{
      {"batch", progress.number}, {"time", to_rfc3339(progress.time)}, {"rows", progress.rows()}};
  if (progress.replayed) json["replayed"] = true;
  json["input_rows_a_second"] = progress.input_rows_a_second;
  json["processed_rows_a_second"] = progress.processed_rows_a_second;
  json["scheduling_delay_ms"] = ms(progress.scheduling_delay);
  json["processing_ms"] = ms(progress.processing_time);
  if (progress.watermark) json["watermark"] = to_rfc3339(*progress.watermark);
  json["late_rows"] = progress.late_rows;
  json["state_rows"] = progress.state_rows;
  json["state_bytes"] = progress.state_bytes;
  json["inputs"] = nlohmann::ordered_json::array();
  for (const auto& input : progress.inputs) json["inputs"].push_back(json_of(input));
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace weir::stream
