// How many cases the properties of this program try, and from which seed: WEIR_PROPERTY_CASES, which ctest sets, and
// WEIR_PROPERTY_SEED, one of the seeds that runs print; or RC_PARAMS, as RapidCheck has it. That must stand in the
// environment before RapidCheck reads its configuration, which it does once.
#include <cstdlib>
#include <string>

#define CATCH_CONFIG_EXTERNAL_INTERFACES  // for the listener
#include <catch2/catch.hpp>

namespace {

struct property_cases : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;

  void testRunStarting(const Catch::TestRunInfo&) override {
    const char* cases = std::getenv("WEIR_PROPERTY_CASES");
    const char* seed = std::getenv("WEIR_PROPERTY_SEED");
    std::string params = std::string("max_success=") + (cases ? cases : "500");
    if (seed) params += std::string(" seed=") + seed;
    setenv("RC_PARAMS", params.c_str(), 0);
  }
};

}  // namespace

CATCH_REGISTER_LISTENER(property_cases)
