// Scores payments by a table of merchants' risk: amount in euros times risk, and those above a limit are printed. The
// table's file may be changed while the program runs.
//
//   weir generate cards --events 100000 --format csv --out cards.csv
//   fraud_scores cards.csv risks.csv 500          # risks.csv: merchant,risk
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "apps/examples/card_csv.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/file/file_lines_source.hpp"

using namespace weir::stream;

std::vector<std::pair<std::string, double>> read_risks(const std::string& path) {
  std::vector<std::pair<std::string, double>> risks;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto comma = line.find(',');
    if (comma != std::string::npos) risks.emplace_back(line.substr(0, comma), std::atof(line.c_str() + comma + 1));
  }
  return risks;
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: fraud_scores CARDS.csv RISKS.csv LIMIT\n", 2;
  const double limit = std::atof(argv[3]);

  streaming_context app({.pace = batch_pace::when_ready, .rows_a_second_max = 10'000});
  reference_table<std::string, double> risks(read_risks(argv[2]));
  app.source_stream(file_lines_source({.paths = {argv[1]}}))
      .filter(is_payment)
      .map(read_payment)
      .map([](const card_payment& p) { return std::pair(p.merchant, p); })
      .join_table(risks)
      .map([](std::string_view, const auto& found) {
        return std::pair(std::string(found.first.id), static_cast<double>(found.first.cents) / 100 * found.second);
      })
      .filter([limit](const std::string&, double score) { return score > limit; })
      .for_each_batch([](const auto& batch) {
        for (const auto& [id, score] : batch) std::cout << id << ' ' << score << '\n';
      });

  const auto ended = app.run();
  if (!ended) std::cerr << ended.error().message << '\n';
  return ended ? 0 : 1;
}
