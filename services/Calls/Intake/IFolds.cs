namespace CallCenter.Calls.Intake;

/// <summary>A state that is the fold of its stream's events.</summary>
public interface IFolds<out TSelf>
{
    TSelf Evolve(object @event);
}
