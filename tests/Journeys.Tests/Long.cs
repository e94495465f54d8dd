[assembly: Trait("Length", "long")] // make test-long runs them
