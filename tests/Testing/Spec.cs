using CallCenter.Rules;
using FluentAssertions;

namespace CallCenter.Testing;

/// <summary>Given these facts, when this is asked, then these facts, or this refusal.</summary>
public sealed class Spec<TState>(TState initial, Func<TState, object, TState> evolve, object[] history)
{
    public Decision When(Func<TState, object[]> decide) => new(() => decide(history.Aggregate(initial, evolve)));

    public sealed class Decision(Func<object[]> decide)
    {
        public void Then(params object[] events)
        {
            var decided = decide();

            decided.Should().BeEquivalentTo(events, o => o.RespectingRuntimeTypes().WithStrictOrdering());
            decided.Select(e => e.GetType()).Should().Equal(events.Select(e => e.GetType()), "two events may have the same members");
        }

        public void ThenNothing() => decide().Should().BeEmpty();

        public void ThenRefused(string code) => decide.Should().Throw<RefusedException>().Which.Code.Should().Be(code);
    }
}
