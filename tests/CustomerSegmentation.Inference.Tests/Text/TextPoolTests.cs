using System.Buffers.Binary;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Tests.Library;
using CustomerSegmentation.Inference.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Inference.Tests.Text;

/// <summary>The pool with a model whose embedding of a text is its length, and which a test can hold.</summary>
public sealed class TextPoolTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly InferenceOptions _options = new() { TextBatchMax = 4, BatchWaitMs = 0, TextWaitMs = 100 };
    private readonly ManualResetEventSlim _open = new(true);
    private readonly SemaphoreSlim _entered = new(0);
    private readonly List<string[]> _runs = [];
    private TextPool? _pool;

    [Fact]
    public async Task Texts_are_embedded_in_batches_and_each_answer_is_in_its_place()
    {
        string[] texts = ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"];

        var embeddings = await EmbedAsync(texts);

        Assert.Equal(texts.Select(t => (float)t.Length), embeddings.Select(First));
        Assert.All(embeddings, e => Assert.Equal("lengths 1", e!.Model));
        Assert.All(_runs, run => Assert.InRange(run.Length, 1, 4));
        Assert.Equal((6L, 0L), Pool.Counts);
        Assert.Empty(await EmbedAsync());
    }

    [Fact]
    public async Task The_same_text_is_read_once_while_it_is_under_way_and_a_while_after()
    {
        _open.Reset();
        var first = EmbedAsync("mug");
        await _entered.WaitAsync();
        var second = EmbedAsync("mug", "mug");
        _open.Set();

        Assert.All((await first).Concat(await second), e => Assert.Equal(3, First(e)));
        Assert.Equal(3, First(Assert.Single(await EmbedAsync("mug"))));
        Assert.Single(_runs);
        Assert.Equal((1L, 3L), (Pool.CountOf(TextOutcome.Embedded), Pool.CountOf(TextOutcome.Shared)));
    }

    [Fact]
    public async Task Caller_waits_no_longer_than_the_limit_and_its_places_stay_untouched()
    {
        _open.Reset();
        var into = new TextEmbedding?[1];
        var call = Pool.EmbedAsync(["slow"], into).AsTask();
        await _entered.WaitAsync();
        Assert.False(call.IsCompleted);

        _time.Advance(100);
        await call;
        Assert.Null(into[0]);
        Assert.Equal(1, Pool.CountOf(TextOutcome.Late));

        _open.Set();
        await EmbedAsync("next");
        Assert.Null(into[0]);

        // What came too late for one is there for the next who asks.
        Assert.Equal(4, First(Assert.Single(await EmbedAsync("slow"))));
    }

    [Fact]
    public async Task Nobody_waits_for_an_encoder_that_hangs()
    {
        _open.Reset();
        var hanging = EmbedAsync("first");
        await _entered.WaitAsync();
        _time.Advance(150);
        await hanging;

        var call = Pool.EmbedAsync(["second"], new TextEmbedding?[1]);

        Assert.True(call.IsCompletedSuccessfully);
        Assert.Equal(1, Pool.CountOf(TextOutcome.Busy));
        _open.Set();
        await EmbedAsync("first");
        Assert.Equal(5, First(Assert.Single(await EmbedAsync("third"))));
    }

    [Fact]
    public async Task Full_queue_leaves_texts_out_at_once_and_takes_the_others()
    {
        _options.TextQueueMax = 2;
        _open.Reset();
        var first = EmbedAsync("a");
        await _entered.WaitAsync();
        var second = EmbedAsync("bb", "ccc", "dddd");
        _open.Set();

        await first;
        Assert.Equal([2f, 3f, null], (await second).Select(e => e is null ? (float?)null : First(e)));
        Assert.Equal(1, Pool.CountOf(TextOutcome.Busy));
    }

    [Fact]
    public async Task Caller_who_gives_up_is_let_go_and_its_texts_are_not_read()
    {
        _open.Reset();
        var first = EmbedAsync("a");
        await _entered.WaitAsync();
        using var cancellation = new CancellationTokenSource();
        var into = new TextEmbedding?[1];
        var second = Pool.EmbedAsync(["given up"], into, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await second;
        _open.Set();

        await first;
        await EmbedAsync("last");
        Assert.Null(into[0]);
        Assert.DoesNotContain(_runs, run => run.Contains("given up"));
    }

    [Fact]
    public async Task Text_that_fails_or_gives_no_number_does_not_take_the_others_with_it()
    {
        _open.Reset();
        var first = EmbedAsync("a");
        await _entered.WaitAsync();
        var rest = EmbedAsync("throws", "good", "infinite");
        _open.Set();

        await first;
        Assert.Equal([null, 4f, null], (await rest).Select(e => e is null ? (float?)null : First(e)));
        Assert.Equal((1L, 1L), (Pool.CountOf(TextOutcome.Failed), Pool.CountOf(TextOutcome.Refused)));
    }

    [Fact]
    public async Task Closing_answers_what_waits_and_takes_nothing_more()
    {
        _open.Reset();
        var first = EmbedAsync("a");
        await _entered.WaitAsync();
        var second = EmbedAsync("waits");
        var closing = Pool.DisposeAsync().AsTask();
        _open.Set();

        Assert.Equal(1, First(Assert.Single(await first)));
        Assert.Null(Assert.Single(await second));
        await closing;
        Assert.Null(Assert.Single(await EmbedAsync("late")));
        Assert.Null(Pool.Model);
    }

    public async ValueTask DisposeAsync()
    {
        _open.Set();
        await Pool.DisposeAsync();
        _open.Dispose();
        _entered.Dispose();
    }

    private TextPool Pool => _pool ??= new TextPool(new TextEncoderModel("lengths 1", 2), Encode, _options, _time, NullLogger.Instance);

    private static float First(TextEmbedding? embedding) => (float)BinaryPrimitives.ReadHalfLittleEndian(embedding!.Numbers.Span);

    private async Task<TextEmbedding?[]> EmbedAsync(params string[] texts)
    {
        var into = new TextEmbedding?[texts.Length];
        await Pool.EmbedAsync(texts, into);
        return into;
    }

    private void Encode(IReadOnlyList<string> texts, float[] into)
    {
        _runs.Add([.. texts]);
        _entered.Release();
        _open.Wait();
        if (texts.Contains("throws"))
        {
            throw new InvalidOperationException("planted");
        }

        for (var i = 0; i < texts.Count; i++)
        {
            into[2 * i] = texts[i] == "infinite" ? float.PositiveInfinity : texts[i].Length;
        }
    }
}
