[assembly: AssemblyTrait("Length", "long")] // make test-long runs them
