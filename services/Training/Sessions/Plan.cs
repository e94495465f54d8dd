using CallCenter.Rules;

namespace CallCenter.Training.Sessions;

/// <summary>Who trains where and when, and for how many.</summary>
public sealed record Plan(Guid TrainerId, string Room, int Seats, DateTimeOffset StartsAt, DateTimeOffset EndsAt)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public int Minutes() => (int)(EndsAt - StartsAt).TotalMinutes;

    /// <exception cref="InvalidException">It ends before it starts, lasts longer than a day's work, or the room has no fit
    /// name.</exception>
    public static Plan Of(Guid trainerId, string room, int seats, DateTimeOffset startsAt, DateTimeOffset endsAt)
    {
        if (endsAt <= startsAt)
            throw new InvalidException("/endsAt", "ends-before-start", "The session ends before it starts.");

        if (endsAt - startsAt > Longest)
            throw new InvalidException("/endsAt", "too-long", $"A session lasts {Longest.TotalHours:0} hours at most.");

        return new Plan(trainerId, Names.Require("/room", room), seats, startsAt, endsAt);
    }
}

/// <param name="NeedId">The training need it answers, if any.</param>
public sealed record Enrolment(Guid EmployeeId, Guid? NeedId);

/// <param name="Attended">Whether they were there.</param>
/// <param name="Minutes">Minutes attended, 0 when absent.</param>
/// <param name="Result">What an exam or exercise at the end said.</param>
/// <param name="Score">Points in it, 0 to 100; null where none were given.</param>
public sealed record Attendance(Guid EmployeeId, bool Attended, int Minutes, Result Result, decimal? Score = null)
{
    internal static IReadOnlyList<Attendance> Checked(IReadOnlyList<Attendance> register)
    {
        foreach (var (i, row) in register.Index())
        {
            if (row.Minutes < 0)
                throw new InvalidException($"/register/{i}/minutes", "negative-minutes", "Minutes are not negative.");

            if (row.Score is { } score && (score is < 0 or > 100 || decimal.Round(score, 1) != score))
                throw new InvalidException($"/register/{i}/score", "training-score", "A score is 0 to 100 points, one decimal at most.");

            if (!row.Attended && (row.Minutes > 0 || row.Result is not Result.None || row.Score is not null))
                throw new InvalidException($"/register/{i}", "absent-with-minutes", "Who was absent has neither minutes nor a result.");
        }

        return register;
    }
}

/// <summary>none when there was no exam.</summary>
public enum Result { None, Passed, Failed }
