using CallCenter.Quality.Calibration;

namespace CallCenter.Quality.Scores;

/// <summary>How an inspector scored a contact of an agent.</summary>
/// <param name="ContactId">What was judged: a call, or what an evaluation is of.</param>
public sealed record Judgement(Guid InspectorId, Guid AgentId, Guid ContactId, double Score);

/// <summary>How strict an inspector is, with what they were given to judge taken out.</summary>
/// <param name="Component">Inspectors of one number can be compared; those of different numbers share no agent and no contact.</param>
/// <param name="Judgements">Of theirs that were counted.</param>
/// <param name="Together">How many of them are of contacts that others have judged too.</param>
/// <param name="Mean">Of their scores as they are: it tells of the agents that they happened to judge as well.</param>
/// <param name="Difference">
/// Points by which their scores lie above (lenient) or below (strict) the mean of the component's inspectors, for the same agent or
/// contact; null where nobody else can be compared with.
/// </param>
/// <param name="Low">With 95 % confidence it is more; null while too little is known of how much scores differ.</param>
/// <param name="High">With 95 % confidence it is less.</param>
public sealed record InspectorSeverity(
    Guid InspectorId, int Component, int Judgements, int Together, double Mean, double? Difference, double? Low, double? High);

/// <summary>
/// Severity of inspectors by a two-way additive model: score = agent (or contact) + inspector + chance, by weighted least squares. A
/// contact that two or more inspectors have judged is compared within itself; any other judgement within its agent. Agents are eliminated,
/// so that it does not matter how good those are whom somebody judges; inspectors sum to 0 in each connected component of the graph of who
/// judged whom (Searle 1971, "Linear models", chapter 7, on connectedness). Chance differs between the two kinds of comparison: each has a
/// variance of its own, estimated from its residuals by the degrees of freedom they have left (restricted maximum likelihood), with
/// intervals by Satterthwaite's degrees of freedom (docs/decisions/0027).
/// </summary>
public static class Severity
{
    // Fewer degrees of freedom say too little of how much scores differ.
    private const int FewestFreedom = 5;

    // Far more than weights of two variances need to settle.
    private const int MostRounds = 100;

    private const double Settled = 1e-9;

    // Where all agree to the point, weights are still numbers.
    private const double Least = 1e-9;

    /// <param name="judgements">Of one form.</param>
    public static IReadOnlyList<InspectorSeverity> Of(IReadOnlyList<Judgement> judgements)
    {
        // Who judged one contact twice, in a calibration and every day, has said one thing of it.
        var single = judgements.GroupBy(j => (j.ContactId, j.InspectorId))
            .Select(own => own.First() with { Score = own.Average(j => j.Score) }).ToList();
        var shared = single.CountBy(j => j.ContactId).Where(contact => contact.Value > 1).Select(contact => contact.Key).ToHashSet();
        var blocks = Block.Of([
            .. single.GroupBy(j => shared.Contains(j.ContactId) ? (j.ContactId, true) : (j.AgentId, false))
                .Select(group => new Group(group.Key.Item2, [.. group])),
        ]);
        var fit = Fit(blocks);
        var count = single.CountBy(j => j.InspectorId).ToDictionary();
        var together = single.Where(j => shared.Contains(j.ContactId)).CountBy(j => j.InspectorId).ToDictionary();
        var mean = single.GroupBy(j => j.InspectorId).ToDictionary(own => own.Key, own => own.Average(j => j.Score));

        return
        [
            .. from component in blocks.Index()
               from inspector in component.Item.Inspectors.Index()
               let id = inspector.Item
               let half = fit.Half(component.Item, inspector.Index)
               let difference = component.Item.Inspectors.Count > 1 ? component.Item.Effects[inspector.Index] : (double?)null
               select new InspectorSeverity(
                   id, component.Index + 1, count[id], together.GetValueOrDefault(id), Round(mean[id]), Rounded(difference),
                   Rounded(difference - half), Rounded(difference + half)),
        ];
    }

    private static double? Rounded(double? points) => points is { } number ? Round(number) : null;

    private static double Round(double points) => Math.Round(points, 2, MidpointRounding.AwayFromZero);

    private static Variances Fit(IReadOnlyList<Block> blocks)
    {
        var variances = new Variances(1, 1, 0, 0, Pooled: false);
        for (var round = 0; round < MostRounds; round++)
        {
            foreach (var block in blocks)
                block.Solve(variances);
            var (contacts, agents) = (blocks.Aggregate((0.0, 0.0), (sum, block) => Sum(sum, block.Residual(true, variances))),
                blocks.Aggregate((0.0, 0.0), (sum, block) => Sum(sum, block.Residual(false, variances))));
            var next = Variances.Of(contacts, agents);
            var settled = Near(next.Contact, variances.Contact) && Near(next.Agent, variances.Agent);
            variances = next;
            if (settled)
                break;
        }

        return variances;

        static (double, double) Sum((double, double) one, (double, double) other) => (one.Item1 + other.Item1, one.Item2 + other.Item2);
        static bool Near(double one, double other) => Math.Abs(one - other) <= Settled * Math.Max(one, other);
    }

    /// <summary>Judgements that are compared with each other.</summary>
    private sealed record Group(bool IsContact, IReadOnlyList<Judgement> Judgements);

    /// <summary>How much judgements of one contact, and of one agent, differ beside the inspectors'.</summary>
    private sealed record Variances(double Contact, double Agent, double ContactFreedom, double AgentFreedom, bool Pooled)
    {
        public double Weight(bool isContact) => 1 / (isContact ? Contact : Agent);

        public static Variances Of((double Squares, double Freedom) contacts, (double Squares, double Freedom) agents)
        {
            if (contacts.Freedom >= FewestFreedom && agents.Freedom >= FewestFreedom && contacts.Squares > 0 && agents.Squares > 0)
                return new(contacts.Squares / contacts.Freedom, agents.Squares / agents.Freedom, contacts.Freedom, agents.Freedom, false);

            // Too few of a kind to say anything of its own: both are taken for one.
            var freedom = contacts.Freedom + agents.Freedom;
            var all = freedom >= FewestFreedom ? Math.Max(Least, (contacts.Squares + agents.Squares) / freedom) : 1;
            return new(all, all, freedom, freedom, true);
        }

        /// <summary>Half the interval of an inspector; null while too little is known.</summary>
        public double? Half(Block block, int inspector)
        {
            if (block.Inspectors.Count < 2 || (Pooled && AgentFreedom < FewestFreedom))
                return null;

            var (contact, agent) = (block.Share(true, inspector, this), block.Share(false, inspector, this));
            var variance = contact + agent;
            var freedom = Pooled ? AgentFreedom : variance * variance / (contact * contact / ContactFreedom + agent * agent / AgentFreedom);
            return Agreement.Student((int)Math.Max(1, Math.Floor(freedom))) * Math.Sqrt(variance);
        }
    }

    /// <summary>Inspectors who are connected by agents or contacts, and all that they have judged.</summary>
    private sealed class Block
    {
        private readonly IReadOnlyList<Group> groups;
        private readonly Dictionary<Guid, int> place;
        private readonly double[,] ofContacts, ofAgents;
        private readonly double[] sumsOfContacts, sumsOfAgents;
        private double[,] inverse;

        private Block(IReadOnlyList<Guid> inspectors, IReadOnlyList<Group> groups)
        {
            (Inspectors, this.groups, place) = (inspectors, groups, inspectors.Index().ToDictionary(i => i.Item, i => i.Index));
            (ofContacts, sumsOfContacts) = Normal(isContact: true);
            (ofAgents, sumsOfAgents) = Normal(isContact: false);
            (Effects, inverse) = (new double[inspectors.Count], new double[inspectors.Count, inspectors.Count]);
        }

        public IReadOnlyList<Guid> Inspectors { get; }

        /// <summary>Of each inspector; they sum to 0.</summary>
        public double[] Effects { get; private set; }

        /// <summary>The connected components, the largest first.</summary>
        public static IReadOnlyList<Block> Of(IReadOnlyList<Group> groups)
        {
            var parent = groups.SelectMany(group => group.Judgements).Select(j => j.InspectorId).Distinct().ToDictionary(id => id);
            foreach (var group in groups)
                foreach (var judgement in group.Judgements)
                    parent[Root(judgement.InspectorId)] = Root(group.Judgements[0].InspectorId);
            var ofRoot = groups.ToLookup(group => Root(group.Judgements[0].InspectorId));

            return
            [
                .. parent.Keys.GroupBy(Root).OrderByDescending(own => own.Count()).ThenBy(own => own.Min())
                    .Select(own => new Block([.. own.Order()], [.. ofRoot[own.Key]])),
            ];

            Guid Root(Guid id)
            {
                while (parent[id] != id)
                    id = parent[id] = parent[parent[id]];
                return id;
            }
        }

        public void Solve(Variances variances)
        {
            var (n, contact, agent) = (Inspectors.Count, variances.Weight(true), variances.Weight(false));
            var (normal, sums) = (new double[n, n], new double[n]);
            for (var i = 0; i < n; i++)
            {
                sums[i] = contact * sumsOfContacts[i] + agent * sumsOfAgents[i];
                for (var j = 0; j < n; j++)
                    normal[i, j] = contact * ofContacts[i, j] + agent * ofAgents[i, j];
            }

            inverse = OnSumZero(normal);
            Effects = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => inverse[i, j] * sums[j]))];
        }

        /// <summary>What is left of one kind of comparison: the sum of squares, and its degrees of freedom.</summary>
        public (double Squares, double Freedom) Residual(bool isContact, Variances variances)
        {
            var (squares, freedom) = (0.0, 0.0);
            foreach (var group in groups.Where(group => group.IsContact == isContact))
            {
                var left = group.Judgements.Select(j => j.Score - Effects[place[j.InspectorId]]).ToList();
                var mean = left.Average();
                squares += left.Sum(value => (value - mean) * (value - mean));
                freedom += left.Count - 1;
            }

            var kind = isContact ? ofContacts : ofAgents;
            for (var i = 0; i < Inspectors.Count; i++)
                for (var j = 0; j < Inspectors.Count; j++)
                    freedom -= variances.Weight(isContact) * inverse[i, j] * kind[j, i];

            return (squares, freedom);
        }

        /// <summary>How much of the variance of an inspector's effect comes from one kind of comparison.</summary>
        public double Share(bool isContact, int inspector, Variances variances)
        {
            var (kind, sum) = (isContact ? ofContacts : ofAgents, 0.0);
            for (var i = 0; i < Inspectors.Count; i++)
                for (var j = 0; j < Inspectors.Count; j++)
                    sum += inverse[inspector, i] * kind[i, j] * inverse[j, inspector];

            return variances.Weight(isContact) * sum;
        }

        // Normal equations of the inspectors, with the groups' own means eliminated.
        private (double[,] Matrix, double[] Sums) Normal(bool isContact)
        {
            var (matrix, sums) = (new double[Inspectors.Count, Inspectors.Count], new double[Inspectors.Count]);
            foreach (var group in groups.Where(group => group.IsContact == isContact))
            {
                var (mean, own) = (group.Judgements.Average(j => j.Score), group.Judgements.GroupBy(j => place[j.InspectorId]).ToList());
                foreach (var one in own)
                {
                    sums[one.Key] += one.Sum(j => j.Score - mean);
                    matrix[one.Key, one.Key] += one.Count();
                    foreach (var other in own)
                        matrix[one.Key, other.Key] -= (double)one.Count() * other.Count() / group.Judgements.Count;
                }
            }

            return (matrix, sums);
        }

        // The inverse where effects sum to 0: of the matrix with c added throughout, less 1/(c·n²) throughout. By Gauss and Jordan, with
        // pivots.
        private static double[,] OnSumZero(double[,] matrix)
        {
            var n = matrix.GetLength(0);
            if (n == 1)
                return new double[1, 1];
            var c = Enumerable.Range(0, n).Average(i => matrix[i, i]) / n;
            var work = new double[n, 2 * n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    (work[i, j], work[i, n + j]) = (matrix[i, j] + c, i == j ? 1 : 0);

            for (var column = 0; column < n; column++)
            {
                var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(work[row, column]));
                for (var j = 0; j < 2 * n; j++)
                    (work[column, j], work[pivot, j]) = (work[pivot, j], work[column, j]);
                var head = work[column, column];
                for (var j = 0; j < 2 * n; j++)
                    work[column, j] /= head;
                for (var row = 0; row < n; row++)
                    if (row != column && work[row, column] is var factor and not 0)
                        for (var j = 0; j < 2 * n; j++)
                            work[row, j] -= factor * work[column, j];
            }

            var inverse = new double[n, n];
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++)
                    inverse[i, j] = work[i, n + j] - 1 / (c * n * n);
            return inverse;
        }
    }
}
