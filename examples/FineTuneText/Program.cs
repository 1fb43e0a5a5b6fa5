// SPDX-License-Identifier: MIT

using FineTuneText;

const int BatchSize = 32;
const int RowLength = 96;

var folder = Directory.CreateTempSubdirectory("fine-tune-text-").FullName;
try
{
    var (general, special, held) = (Path.Combine(folder, "general"), Path.Combine(folder, "special"), Path.Combine(folder, "held-out"));
    await SyntheticTexts.WriteAsync(general, 640, SyntheticTexts.General, seed: 1);
    await SyntheticTexts.WriteAsync(special, 256, SyntheticTexts.Special, seed: 2);
    await SyntheticTexts.WriteAsync(held, 64, SyntheticTexts.Special, seed: 3);
    await PackingReport.ShowAsync(general, BatchSize, RowLength);
    await PackingReport.ShowAsync(special, BatchSize, RowLength);
    TextTraining.Run(general, special, held, BatchSize, RowLength);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
