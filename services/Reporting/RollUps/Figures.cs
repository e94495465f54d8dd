using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;

namespace CallCenter.Reporting.RollUps;

/// <summary>
/// What was counted: the sums every KPI is made from. Sums only, so an hour, a day, a week or three queues together are
/// the sum of their parts, and no ratio is ever an average of ratios.
/// </summary>
public sealed record Figures
{
    /// <summary>Inbound contacts that reached us.</summary>
    public long Offered { get; init; }

    /// <summary>Taken by an agent.</summary>
    public long Answered { get; init; }

    /// <summary>Given up by the customer before an agent took them.</summary>
    public long Abandoned { get; init; }

    /// <summary>Not ended yet, as far as is known.</summary>
    public long Open { get; init; }

    /// <summary>Ended neither answered nor abandoned: transferred, blocked, …</summary>
    public long Other { get; init; }

    /// <summary>Contacts we made; in none of the other counts.</summary>
    public long Outbound { get; init; }

    /// <summary>Answered within the queue's threshold T.</summary>
    public long AnsweredInTime { get; init; }

    /// <summary>Abandoned within the queue's threshold T.</summary>
    public long AbandonedInTime { get; init; }

    /// <summary>Abandoned within the shorter time t (5 s).</summary>
    public long AbandonedShort { get; init; }

    /// <summary>Waiting time of the answered, in milliseconds.</summary>
    public long WaitMs { get; init; }

    /// <summary>Talk time of the answered in whole seconds, as the version before reads it.</summary>
    public long TalkS { get; init; }

    /// <summary>Hold time of the answered in whole seconds, as the version before reads it.</summary>
    public long HoldS { get; init; }

    /// <summary>After-contact work of the answered in whole seconds, as the version before reads it.</summary>
    public long AcwS { get; init; }

    /// <summary>Time in the states busy and after-contact-work, in milliseconds.</summary>
    public long ContactMs { get; init; }

    /// <summary>Time in the state ready, in milliseconds.</summary>
    public long ReadyMs { get; init; }

    /// <summary>Work in the published roster, in milliseconds.</summary>
    public long RosteredMs { get; init; }

    /// <summary>Scored evaluations by the time of their submission.</summary>
    public long Evaluations { get; init; }

    /// <summary>Their scores, summed.</summary>
    public decimal ScoreSum { get; init; }

    /// <summary>Those that passed.</summary>
    public long EvaluationsPassed { get; init; }

    /// <summary>Minutes of training attended.</summary>
    public long TrainingMinutes { get; init; }

    /// <summary>Staff required, in staff-seconds.</summary>
    public decimal RequiredS { get; init; }

    /// <summary>Staff scheduled, in staff-seconds.</summary>
    public decimal ScheduledS { get; init; }

    /// <summary>The lower of required and scheduled staff, interval by interval, in staff-seconds.</summary>
    public decimal CoveredS { get; init; }

    /// <summary>Answered of which it is known how long they waited.</summary>
    public long AnsweredTimed { get; init; }

    /// <summary>Abandoned of which it is known how long they waited.</summary>
    public long AbandonedTimed { get; init; }

    /// <summary>Answered of which it is known how long they lasted.</summary>
    public long Handled { get; init; }

    /// <summary>Their talk time, in milliseconds.</summary>
    public long TalkMs { get; init; }

    /// <summary>Their hold time, in milliseconds.</summary>
    public long HoldMs { get; init; }

    /// <summary>Their after-contact work, in milliseconds.</summary>
    public long AcwMs { get; init; }

    /// <summary>Of <see cref="Handled"/> those whose source never says how long they were on hold.</summary>
    public long HoldUnknown { get; init; }

    /// <summary>Of <see cref="Handled"/> those whose source never says how long there was work after them.</summary>
    public long AcwUnknown { get; init; }

    /// <summary>Of <see cref="ByCallsMs"/> the time on calls and in the work after them, in milliseconds.</summary>
    public long OnCallsMs { get; init; }

    /// <summary>
    /// Of <see cref="ReadyMs"/> that of agents whose states of the day do not say when they are on calls, and whose calls do.
    /// </summary>
    public long ByCallsMs { get; init; }

    /// <summary>Of <see cref="ReadyMs"/> that of days on which neither a state nor a call says who is on one.</summary>
    public long UnmeasuredMs { get; init; }

    /// <summary>Conversations that customers began, each with all its legs, where the first was offered.</summary>
    public long Conversations { get; init; }

    /// <summary>Their legs after the first.</summary>
    public long Transfers { get; init; }

    /// <summary>Conversations that agents took and of which it is known how long all their answered legs lasted.</summary>
    public long ConversationsHandled { get; init; }

    /// <summary>Talk, hold and after-contact work of all legs of those, in milliseconds.</summary>
    public long ConversationHandleMs { get; init; }

    /// <summary>Of <see cref="ConversationsHandled"/> those of a leg of which hold or after-contact work is not known.</summary>
    public long ConversationsUnknown { get; init; }

    /// <summary>Conversations of which the customer is known.</summary>
    public long ConversationsOfKnown { get; init; }

    /// <summary>Those of a customer who had been there shortly before.</summary>
    public long ConversationsRepeated { get; init; }

    /// <summary>Scored evaluations by the time of their call.</summary>
    public long CallEvaluations { get; init; }

    /// <summary>Their scores, summed.</summary>
    public decimal CallScoreSum { get; init; }

    /// <summary>Those that passed.</summary>
    public long CallEvaluationsPassed { get; init; }

    /// <summary>Chats that began.</summary>
    public long Chats { get; init; }

    /// <summary>Those in which somebody or something wrote to the customer within five seconds.</summary>
    public long ChatsGreetedInTime { get; init; }

    /// <summary>Chats in which a customer wrote and was replied to, or left without a reply.</summary>
    public long ChatsAsked { get; init; }

    /// <summary>Those of which the first reply of an agent came within a minute.</summary>
    public long ChatsRepliedInTime { get; init; }

    // In the order of declaration: this record is the one list of sums. A new one is a property here, what it counts in
    // RollUpSql, and a migration that adds its column and marks what is to be counted again.
    private static readonly ImmutableArray<PropertyInfo> Sums =
        [.. typeof(Figures).GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(sum => sum.MetadataToken)];

    /// <summary>The columns of <c>rollups.figure</c>, in the order of <see cref="Read"/>: the sums' names in lower case.</summary>
    public static readonly ImmutableArray<string> Columns = [.. Sums.Select(sum => JsonNamingPolicy.SnakeCaseLower.ConvertName(sum.Name))];

    /// <summary>Reads the columns from a row, from a position on.</summary>
    public static Func<NpgsqlDataReader, int, Figures> Read { get; } = Reader();

    private static Func<NpgsqlDataReader, int, Figures> Reader()
    {
        var (row, at) = (Expression.Parameter(typeof(NpgsqlDataReader)), Expression.Parameter(typeof(int)));
        return Expression.Lambda<Func<NpgsqlDataReader, int, Figures>>(
            Expression.MemberInit(Expression.New(typeof(Figures)), Sums.Select((sum, i) => Expression.Bind(sum, Expression.Call(
                row, sum.PropertyType == typeof(decimal) ? nameof(NpgsqlDataReader.GetDecimal) : nameof(NpgsqlDataReader.GetInt64), null,
                Expression.Add(at, Expression.Constant(i)))))),
            row, at).Compile();
    }
}
