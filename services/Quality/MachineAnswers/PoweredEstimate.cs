using CallCenter.Quality.Calibration;

namespace CallCenter.Quality.MachineAnswers;

/// <summary>A contact that was drawn by lot and judged by a person who saw nothing of the machine's answers.</summary>
/// <param name="Human">What the person said, as a share of the most, 0 to 1; null where the question did not apply.</param>
/// <param name="Machine">What the machine said of the same contact, likewise; null where it said nothing, or that it does not apply.
/// </param>
public readonly record struct LabelledContact(double? Human, double? Machine);

/// <summary>The contacts of an agent's week.</summary>
/// <param name="Contacts">That could have been drawn.</param>
/// <param name="Labels">That were drawn and judged, at least one.</param>
public sealed record LabelledStratum(Guid AgentId, int Contacts, IReadOnlyList<LabelledContact> Labels);

/// <summary>What the machine said of all contacts of the strata, those that were drawn among them.</summary>
/// <param name="Answered">Contacts of which it said something.</param>
/// <param name="Sum">Of what it said, each a share of 0 to 1.</param>
public readonly record struct MachineTotal(long Answered, double Sum)
{
    public MachineTotal Plus(MachineTotal other) => new(Answered + other.Answered, Sum + other.Sum);

    public MachineTotal Plus(double? said) => said is { } share ? new(Answered + 1, Sum + share) : this;
}

/// <param name="Mean">Estimated mean over all contacts.</param>
/// <param name="Low">With 95 % confidence it is more.</param>
/// <param name="High">With 95 % confidence it is less.</param>
public sealed record MeanInterval(double Mean, double Low, double High)
{
    internal double Width => High - Low;
}

/// <summary>
/// The mean over all contacts, from what people said of a random few and a machine of all: prediction-powered inference with power tuning
/// (Angelopoulos, Bates, Fannjiang, Jordan, Zrnic 2023, "Prediction-powered inference"; Angelopoulos, Duchi, Zrnic 2023, "PPI++"), over
/// strata (Fisch and others 2024, "Stratified prediction-powered inference").
/// <code>
/// weight of a label      w = (contacts of its stratum / contacts) / labels of its stratum
/// machine, centred       h = what it said − its mean over all contacts it said something of; 0 where it said nothing
/// estimate               θ = (Σ w·d·y − λ·Σ w·h) / Σ w·d          y what the person said, d 1 where it applied, else 0
/// residual               e = d·(y − θ) − λ·h
/// variance               V = Σ W²·(1 − n/N)·s²(e)/n / (Σ w·d)²    over strata: W share of contacts, n labels,
///                                                                 N contacts, s² of the agent's weeks together
/// tuning                 λ = the one from 0 to 1 for which V is least; 0 is the people alone
/// </code>
/// It holds whatever the machine says, for what is taken from the machine is its mean over all contacts less its mean over the drawn ones,
/// which is 0 on average. The people's answers have to be of a random sample with known chances, and given without seeing the machine's.
/// The contacts are those there were: a stratum of which all were judged adds no doubt (Cochran 1977, chapter 5).
/// </summary>
/// <param name="Labels">Contacts that a person judged and the question applied to.</param>
/// <param name="Estimate">Of people and machine together.</param>
/// <param name="HumansAlone">Of the same people without the machine, to compare with.</param>
/// <param name="Lambda">How much of the machine was used, 0 to 1.</param>
public sealed record PoweredEstimate(int Labels, MeanInterval Estimate, MeanInterval HumansAlone, double Lambda)
{
    /// <summary>With fewer an interval is narrower than it may be (arXiv 2411.12665): the product refuses to say one.</summary>
    public const int FewestLabels = 100;

    /// <returns>Null where fewer than <see cref="FewestLabels"/> were judged that the question applied to.</returns>
    public static PoweredEstimate? Of(IReadOnlyList<LabelledStratum> strata, MachineTotal machine)
    {
        var applied = strata.Sum(stratum => stratum.Labels.Count(label => label.Human is not null));
        if (applied < FewestLabels)
            return null;

        var sample = new Sample(strata, machine.Answered == 0 ? 0 : machine.Sum / machine.Answered);
        var alone = sample.Mean(0);
        var lambda = Math.Clamp(sample.Tuned(alone), 0, 1);

        return new(applied, sample.Interval(lambda), sample.Interval(0), lambda);
    }

    private sealed class Sample
    {
        private readonly List<Label> labels = [];
        private readonly List<Cell> cells;
        private readonly double applied;
        private readonly bool isTwoValued;

        public Sample(IReadOnlyList<LabelledStratum> strata, double centre)
        {
            var contacts = (double)strata.Sum(stratum => (long)stratum.Contacts);
            foreach (var (i, stratum) in strata.Index())
            {
                var (share, n) = (stratum.Contacts / contacts, stratum.Labels.Count);
                var doubt = share * share * (1 - (double)n / stratum.Contacts) / n;
                // Of one label nothing is known of how much others differ: the agent's other weeks say it.
                labels.AddRange(stratum.Labels.Select(label => new Label(
                    stratum.AgentId, n > 1 ? i : -1, share / n, doubt / n, label.Human ?? 0, label.Human is null ? 0 : 1,
                    label.Machine - centre ?? 0)));
            }

            var agents = labels.GroupBy(label => label.AgentId)
                .Select(own => new Cell([.. own.GroupBy(label => label.Stratum).Select(stratum => stratum.ToList())])).ToList();
            var rest = agents.Where(agent => agent.Freedom == 0).SelectMany(agent => agent.Strata.Single()).ToList();
            cells = [.. agents.Where(agent => agent.Freedom > 0), .. rest.Count > 1 ? [new Cell([rest])] : Array.Empty<Cell>()];
            applied = labels.Sum(label => label.Weight * label.Applied);
            isTwoValued = labels.All(label => label.Applied == 0 || label.Human is 0 or 1);
        }

        public double Mean(double lambda) =>
            labels.Sum(label => label.Weight * (label.Applied * label.Human - lambda * label.Machine)) / applied;

        /// <summary>By how much of the machine's the people's doubt is least.</summary>
        public double Tuned(double mean)
        {
            var (together, machine) = (0.0, 0.0);
            foreach (var cell in cells)
            {
                together += cell.Doubt * cell.Covariance(label => label.Residual(mean, 0), label => label.Machine);
                machine += cell.Doubt * cell.Covariance(label => label.Machine, label => label.Machine);
            }

            return machine > 0 ? together / machine : 0;
        }

        public MeanInterval Interval(double lambda)
        {
            var mean = Mean(lambda);
            var (variance, squares) = (0.0, 0.0);
            foreach (var cell in cells)
            {
                var part = cell.Doubt * cell.Covariance(label => label.Residual(mean, lambda), label => label.Residual(mean, lambda));
                variance += part;
                squares += part * part / cell.Freedom;
            }

            // Satterthwaite 1946; what was tuned took one.
            var all = cells.Sum(cell => cell.Freedom);
            var freedom = Math.Clamp((squares > 0 ? variance * variance / squares : all) - 1, 3, 10_000);
            // Where the machine was right each time, or all passed, that was so of these contacts: of a hundred, three in a hundred others
            // may differ unseen ("rule of three", Hanley and Lippman-Hand 1983).
            var unseen = isTwoValued || variance == 0 ? 3.0 / labels.Count : 0;
            variance = Math.Max(variance, cells.Sum(cell => cell.Doubt) * unseen * (1 - unseen)) / (applied * applied);

            return Wilson(Math.Clamp(mean, 0, 1), variance, unseen, Agreement.Student((int)freedom));
        }

        // An interval of a share does not leave 0 to 1, and is not symmetric near them (Wilson 1927), with as many contacts as would bear
        // this variance.
        private static MeanInterval Wilson(double mean, double variance, double unseen, double quantile)
        {
            if (variance <= 0)
                return new(mean, mean, mean); // all were judged

            var inside = Math.Clamp(mean, Math.Max(unseen, 1e-6), 1 - Math.Max(unseen, 1e-6));
            var square = quantile * quantile * variance / (inside * (1 - inside));
            var centre = (mean + square / 2) / (1 + square);
            var half = Math.Sqrt(square * mean * (1 - mean) + square * square / 4) / (1 + square);
            return new(mean, Math.Max(0, centre - half), Math.Min(1, centre + half));
        }
    }

    /// <param name="Stratum">Of its week; -1 where it is the only one of it.</param>
    private readonly record struct Label(
        Guid AgentId, int Stratum, double Weight, double Doubt, double Human, double Applied, double Machine)
    {
        public double Residual(double mean, double lambda) => Applied * (Human - mean) - lambda * Machine;
    }

    // Labels of an agent: how much they differ within a week is taken to be alike over weeks, as in the scores of agents.
    private sealed record Cell(IReadOnlyList<IReadOnlyList<Label>> Strata)
    {
        public double Doubt { get; } = Strata.Sum(stratum => stratum.Sum(label => label.Doubt));

        public int Freedom { get; } = Strata.Sum(stratum => stratum.Count - 1);

        public double Covariance(Func<Label, double> one, Func<Label, double> other)
        {
            var products = 0.0;
            foreach (var stratum in Strata)
            {
                var (first, second) = (stratum.Average(one), stratum.Average(other));
                products += stratum.Sum(label => (one(label) - first) * (other(label) - second));
            }

            return products / Freedom;
        }
    }
}
