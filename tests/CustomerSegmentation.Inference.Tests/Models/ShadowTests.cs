using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Models;

public sealed class ShadowTests
{
    private static readonly GruModel Active = new(1);

    [OnnxFact]
    public async Task Shadow_of_the_same_weights_agrees_over_a_customers_whole_history()
    {
        await using var test = await StartAsync(new GruModel(1));
        await SendAsync(test, customer: 4, requests: 6);
        var report = await ReportAsync(test, 6);
        Assert.Equal((6, 0, 1.0), (report.Compared, report.Skipped, report.Agreement));
        Assert.True(report.ProbabilityMaxDifference < 1e-5);
    }

    [OnnxFact]
    public async Task Shadow_of_other_weights_and_another_state_size_differs_by_what_the_two_really_answer()
    {
        var other = new GruModel(2, stateSize: 12);
        await using var test = await StartAsync(other);
        await SendAsync(test, customer: 4, requests: 3);
        var report = await ReportAsync(test, 3);
        await using var reference = new TestRegistry();
        var model = await reference.ActivateAsync("2", other);
        var answers = await SendAsync(reference, customer: 4, requests: 3);
        var own = await SendAsync(await ActivatedAsync(reference, "1", Active), customer: 4, requests: 3);
        var differences = own.Zip(answers).SelectMany(p => p.First.Zip(p.Second, (a, b) => (double)Math.Abs(a - b))).ToArray();
        Assert.Equal(differences.Max(), report.ProbabilityMaxDifference, 1e-5);
        Assert.Equal(differences.Average(), report.ProbabilityMeanDifference, 1e-5);
        Assert.InRange(report.Agreement, 0, 1);
        Assert.Equal("test 2", report.Id);
        Assert.Equal(12, model.StateSize);
    }

    [OnnxFact]
    public async Task Customer_whose_start_the_shadow_did_not_see_is_left_out_until_the_next_start()
    {
        await using var test = await StartAsync(new GruModel(2), startShadow: false);
        var model = test.Registry.Model!;
        var state = await FirstStateAsync(test, model);
        test.Registry.StartShadow("test 2");
        await ContinueAsync(test, model, state);
        Assert.Equal((0, 1), (test.Registry.ShadowReport!.Compared, test.Registry.ShadowReport.Skipped));
        Assert.True(double.IsNaN(test.Registry.ShadowReport.Agreement));
        await FirstStateAsync(test, model);
        Assert.Equal(1, (await ReportAsync(test, 1)).Compared);
    }

    [OnnxFact]
    public async Task Customer_who_goes_on_from_a_state_that_the_shadow_did_not_follow_is_left_out_until_the_next_start()
    {
        await using var test = await StartAsync(new GruModel(2));
        var model = test.Registry.Model!;
        await FirstStateAsync(test, model);
        await ReportAsync(test, 1);
        await ContinueAsync(test, model, new float[model.StateSize]);
        Assert.Equal((1, 1), (test.Registry.ShadowReport!.Compared, test.Registry.ShadowReport.Skipped));
        var state = await FirstStateAsync(test, model);
        await ReportAsync(test, 2);
        await ContinueAsync(test, model, state);
        Assert.Equal((3, 1), ((await ReportAsync(test, 3)).Compared, test.Registry.ShadowReport.Skipped));
    }

    [OnnxFact]
    public async Task Activation_ends_the_comparison()
    {
        await using var test = await StartAsync(new GruModel(2));
        Assert.Equal(ModelState.Shadow, test.Registry.Models.Single(m => m.Id == "test 2").State);
        test.Registry.Activate("test 2");
        Assert.Null(test.Registry.ShadowReport);
        Assert.Throws<InvalidOperationException>(() => test.Registry.StartShadow("test 2"));
        Assert.Throws<KeyNotFoundException>(() => test.Registry.StartShadow("test 9"));
    }

    private static async Task<TestRegistry> StartAsync(GruModel shadow, bool startShadow = true)
    {
        var test = await ActivatedAsync(new TestRegistry(), "1", Active);
        await test.LoadAsync(test.Folder.Add("2", shadow));
        if (startShadow)
        {
            test.Registry.StartShadow("test 2");
        }

        return test;
    }

    private static async Task<TestRegistry> ActivatedAsync(TestRegistry test, string version, GruModel model)
    {
        await test.ActivateAsync(version, model);
        return test;
    }

    /// <summary>Sends a history in several requests; returns the probabilities of each.</summary>
    private static async Task<List<float[]>> SendAsync(TestRegistry test, ulong customer, int requests)
    {
        var model = test.Registry.Model!;
        var tokens = Customers.Tokens(8, requests * 2);
        var state = new float[model.StateSize];
        var answers = new List<float[]>();
        for (var i = 0; i < requests; i++)
        {
            var request = test.Registry.Rent(model, customer);
            if (i > 0)
            {
                request.Continue(state, tokens[(2 * i) - 1].TimeMs);
            }

            request.Add(tokens.AsSpan(2 * i, 2));
            Customers.WriteFeatures(request, i);
            Assert.Equal(EncoderOutcome.Encoded, await test.Registry.EncodeAsync(request));
            request.Result.State.CopyTo(state);
            answers.Add(request.Result.Probabilities.ToArray());
            test.Registry.Return(request);
            if (test.Registry.ShadowReport is not null)
            {
                // The shadow follows one request at a time.
                await ReportAsync(test, i + 1);
            }
        }

        return answers;
    }

    private static async Task<float[]> FirstStateAsync(TestRegistry test, EncoderModel model)
    {
        var request = Customers.Request(model, 1, 2, 9);
        Assert.Equal(EncoderOutcome.Encoded, await test.Registry.EncodeAsync(request));
        return request.StateOut.ToArray();
    }

    private static async Task ContinueAsync(TestRegistry test, EncoderModel model, float[] state)
    {
        var request = new EncoderRequest();
        request.Begin(model, 9);
        request.Continue(state, 0);
        request.Add(Customers.Tokens(3, 1));
        Assert.Equal(EncoderOutcome.Encoded, await test.Registry.EncodeAsync(request));
    }

    /// <summary>The report once so many comparisons are in it; the shadow's state of the customer is kept just after.</summary>
    private static async Task<ShadowReport> ReportAsync(TestRegistry test, int compared)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (test.Registry.ShadowReport!.Compared < compared)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return test.Registry.ShadowReport;
    }
}
