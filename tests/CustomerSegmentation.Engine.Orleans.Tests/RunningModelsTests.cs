using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Engine.Orleans.Models;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class RunningModelsTests
{
    [Fact]
    public void Text_models_of_several_silos_are_shown_together_with_the_reason_of_the_one_that_has_none()
    {
        var text = RunningModels.Of(
        [
            new RunningModels { Text = new TextModelView { Lacking = "no library" } },
            new RunningModels { Text = new TextModelView { Id = "text 1", EmbeddingSize = 8, Waiting = 1, Embedded = 10, LeftOut = 100 } },
            new RunningModels { Runs = true },
            new RunningModels { Text = new TextModelView { Id = "text 1", EmbeddingSize = 8, Waiting = 2, Embedded = 20, LeftOut = 200 } },
        ]).Text!;

        Assert.Equal(("text 1", "no library", 8, 3, 30L, 300L), (text.Id, text.Lacking, text.EmbeddingSize, text.Waiting, text.Embedded, text.LeftOut));
    }

    [Fact]
    public void Where_no_silo_takes_texts_there_is_no_text_model_to_show() => Assert.Null(RunningModels.Of([new RunningModels { Runs = true }, new RunningModels()]).Text);
}
